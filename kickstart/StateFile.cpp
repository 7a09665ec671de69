#include "kickstart/StateFile.h"

#include <fcntl.h>
#include <sys/file.h>
#include <sys/stat.h>

#include <cerrno>
#include <cstring>
#include <fstream>
#include <sstream>

#include "kickstart/JsonFault.h"
#include "kickstart/StateDocument.h"
#include "security/FileReplacement.h"

namespace changebank::kickstart {

namespace {

constexpr mode_t ownerOnly = 0600;

StateFault systemFault(const std::string& path) {
    return StateFault(path + ": " + std::strerror(errno));
}

}  // namespace

StateFile::StateFile(std::string path, const security::JsonLimits& limits)
    : _path(std::move(path)), _limits(limits) {
    const auto name = _path + ".lock";
    _lock =
        security::FileDescriptor(::open(name.c_str(), O_RDWR | O_CREAT | O_CLOEXEC | O_NOFOLLOW, ownerOnly));
    if (!_lock) throw systemFault(name);
    if (::flock(_lock.get(), LOCK_EX | LOCK_NB) != 0) {
        throw StateFault(_path + ": another process uses this state file");
    }
}

std::optional<DirectoryState> StateFile::read() {
    struct stat status {};
    if (::stat(_path.c_str(), &status) != 0) {
        if (errno == ENOENT) return std::nullopt;
        throw systemFault(_path);
    }
    if ((status.st_mode & (S_IRWXG | S_IRWXO)) != 0) {
        throw StateFault(
            _path + ": others than its owner may read or write it, and it holds private keys; chmod 600 it");
    }
    if (static_cast<std::size_t>(status.st_size) > _limits.size) {
        throw StateFault(_path + ": " + std::to_string(status.st_size) + " octets, more than the " +
                         std::to_string(_limits.size) + " that are read");
    }
    std::ifstream file(_path, std::ios::binary);
    // This operator holds back the exception that a failing read throws, for a folder for instance.
    std::ostringstream content;
    if (!file || !(content << file.rdbuf())) throw StateFault(_path + ": cannot be read, or is empty");
    auto text = content.str();

    const auto document = security::Json::parse(text, _limits);
    if (!document) {
        const auto fault = findJsonFault(text);
        throw StateFault(_path + ": " + std::to_string(fault.line) + ":" + std::to_string(fault.column) +
                         ": " + fault.reason);
    }
    Errors errors;
    auto state = readState(*document, errors);
    if (!state) throw StateFault(_path + ": " + errors.toText());
    _lastText = std::move(text);
    return state;
}

void StateFile::write(const DirectoryState& state) {
    auto text = writeState(state).toText() + "\n";
    if (text == _lastText) return;
    if (text.size() > _limits.size) {
        throw StateFault(_path + ": would have " + std::to_string(text.size()) + " octets, more than the " +
                         std::to_string(_limits.size) +
                         " that are read again, so nothing was changed; delete users or refresh tokens");
    }
    if (const auto fault = security::replaceFile(_path, text)) throw StateFault(*fault);
    _lastText = std::move(text);
}

}  // namespace changebank::kickstart
