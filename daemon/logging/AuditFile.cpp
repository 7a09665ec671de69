#include "changebank/daemon/logging/AuditFile.h"

#include <memory>
#include <utility>

#include "changebank/daemon/logging/FileSink.h"

namespace changebank::daemon {

namespace {

/// In bytes; every line is awaited by a thread, so that few are queued.
constexpr std::size_t capacity = std::size_t{1024} * 1024;

std::unique_ptr<LineSink> opened(const std::string& path) {
    return std::make_unique<FileSink>(path, FileSink::Flush::always);
}

}  // namespace

AuditFile::AuditFile(std::string path) : _path(std::move(path)), _queue(_path, opened(_path), capacity) {}

void AuditFile::append(std::string line, std::chrono::milliseconds patience) {
    _queue.write({std::move(line)}, patience);
}

void AuditFile::reopen() {
    _queue.replaceSink(opened(_path));
}

}  // namespace changebank::daemon
