#pragma once

#include <fcntl.h>
#include <sys/mman.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cstdint>
#include <cstring>
#include <map>
#include <stdexcept>
#include <string>
#include <string_view>
#include <vector>

#include "changebank/base/system/FileDescriptor.h"
#include "tests/support/TemporaryFolder.h"

namespace changebank::daemon {

/// An entry as systemd's journal reads it: the values of each field, in their order.
using JournalFields = std::map<std::string, std::vector<std::string>>;

/// Reads the form of the native protocol (https://systemd.io/JOURNAL_NATIVE_PROTOCOL). Throws
/// std::runtime_error where the journal would drop something.
inline JournalFields parsedEntry(std::string_view text) {
    const auto demand = [](bool condition, const char* what) {
        if (!condition) throw std::runtime_error(what);
    };
    JournalFields fields;
    while (!text.empty()) {
        const auto end = text.find('\n');
        demand(end != std::string_view::npos, "a field without an end");
        auto name = text.substr(0, std::min(text.find('='), end));
        std::string value;
        if (name.size() < end) {
            value = text.substr(name.size() + 1, end - name.size() - 1);
            text.remove_prefix(end + 1);
        } else {
            text.remove_prefix(end + 1);
            demand(text.size() >= 8, "a field without a length");
            std::uint64_t size = 0;
            for (std::size_t i = 8; i > 0; --i)
                size = size << 8U | static_cast<unsigned char>(text[i - 1]);
            text.remove_prefix(8);
            demand(text.size() > size && text[size] == '\n', "a value of another length");
            value = text.substr(0, size);
            text.remove_prefix(size + 1);
        }
        demand(!name.empty() && name.size() <= 64 && name[0] >= 'A' && name[0] <= 'Z', "no name of a field");
        for (const char c : name)
            demand((c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_', "no name of a field");
        fields[std::string(name)].push_back(value);
    }
    return fields;
}

/// Takes the place of systemd's journal: a socket in a folder of its own.
class FakeJournal {
public:
    FakeJournal() { listen(); }

    const std::string& path() const { return _path; }

    /// Is gone, and its socket file with it.
    void stop() {
        _socket.close();
        ::unlink(_path.c_str());
    }
    void listen() {
        sockaddr_un address{};
        address.sun_family = AF_UNIX;
        std::copy(_path.begin(), _path.end(), address.sun_path);
        _socket = FileDescriptor(::socket(AF_UNIX, SOCK_DGRAM | SOCK_CLOEXEC, 0));
        const timeval patience{10, 0};
        ::setsockopt(_socket.get(), SOL_SOCKET, SO_RCVTIMEO, &patience, sizeof(patience));
        if (::bind(_socket.get(), reinterpret_cast<const sockaddr*>(&address), sizeof(address)) != 0)
            throw std::runtime_error("no journal");
    }

    /// The text of the next entry; waits for it at most ten seconds.
    std::string takeText() {
        std::string text(1 << 20, '\0');
        iovec content{text.data(), text.size()};
        alignas(cmsghdr) std::array<char, CMSG_SPACE(sizeof(int))> control{};
        msghdr message{};
        message.msg_iov = &content;
        message.msg_iovlen = 1;
        message.msg_control = control.data();
        message.msg_controllen = control.size();
        const auto length = ::recvmsg(_socket.get(), &message, MSG_CMSG_CLOEXEC);
        if (length < 0) throw std::runtime_error("no entry came");
        text.resize(static_cast<std::size_t>(length));
        const cmsghdr* const header = CMSG_FIRSTHDR(&message);
        _wasFile = header != nullptr;
        if (header == nullptr) return text;
        if (!text.empty()) throw std::runtime_error("a file and a text");
        int descriptor = -1;
        std::memcpy(&descriptor, CMSG_DATA(header), sizeof(descriptor));
        return contentOf(FileDescriptor(descriptor));
    }

    JournalFields take() { return parsedEntry(takeText()); }

    /// Whether the last entry came as a file.
    bool wasFile() const { return _wasFile; }

private:
    static std::string contentOf(const FileDescriptor& file) {
        constexpr int seals = F_SEAL_SHRINK | F_SEAL_GROW | F_SEAL_WRITE | F_SEAL_SEAL;
        if (::fcntl(file.get(), F_GET_SEALS) != seals) throw std::runtime_error("the file is not sealed");
        struct stat status {};
        ::fstat(file.get(), &status);
        std::string text(static_cast<std::size_t>(status.st_size), '\0');
        if (::pread(file.get(), text.data(), text.size(), 0) != status.st_size)
            throw std::runtime_error("the file cannot be read");
        return text;
    }

    tests::TemporaryFolder _folder;
    std::string _path = _folder.file("socket");
    FileDescriptor _socket;
    bool _wasFile = false;
};

}  // namespace changebank::daemon
