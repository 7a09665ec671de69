#include "changebank/daemon/logging/LineWriter.h"

#include <poll.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <climits>
#include <string>

#include "changebank/base/system/Uninterrupted.h"

namespace changebank::daemon {

namespace {

/// Standard error may be non-blocking, since its other users share that flag.
void awaitWritable(int descriptor) {
    pollfd writable{descriptor, POLLOUT, 0};
    ::poll(&writable, 1, -1);
}

/// Writes a text and removes what was written from it. Returns 0 or the errno value.
int writeFrom(std::string_view& rest, int descriptor) {
    while (!rest.empty()) {
        const auto length = uninterrupted([&] { return ::write(descriptor, rest.data(), rest.size()); });
        if (length >= 0) {
            rest.remove_prefix(static_cast<std::size_t>(length));
        } else if (errno == EAGAIN) {
            awaitWritable(descriptor);
        } else {
            return errno;
        }
    }
    return 0;
}

/// How many of the lines make up one call: at least one, and no more than PIPE_BUF bytes if there are
/// several.
std::size_t countOfChunk(std::span<const LogLine> lines) {
    std::size_t count = 0;
    std::size_t size = 0;
    do {
        size += lines[count].text.size() + 1;
        ++count;
    } while (count < lines.size() && size + lines[count].text.size() < PIPE_BUF);
    return count;
}

std::string chunkOf(std::span<const LogLine> lines) {
    std::string chunk;
    for (const auto& line : lines)
        chunk += line.text + '\n';
    return chunk;
}

}  // namespace

LineSink::Written LineWriter::write(int descriptor, std::span<const LogLine> lines) {
    LineSink::Written written;
    while (written.lines < lines.size() && written.error == 0) {
        const auto count = countOfChunk(lines.subspan(written.lines));
        auto chunk = chunkOf(lines.subspan(written.lines, count));
        if (_torn) chunk.insert(0, 1, '\n');
        std::string_view rest = chunk;
        written.error = writeFrom(rest, descriptor);
        const auto unwritten = static_cast<std::size_t>(std::count(rest.begin(), rest.end(), '\n'));
        written.lines += count - std::min(count, unwritten);
        const auto end = chunk.size() - rest.size();
        if (end > 0) _torn = chunk[end - 1] != '\n';
    }
    return written;
}

}  // namespace changebank::daemon
