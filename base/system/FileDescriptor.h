#pragma once

#include <unistd.h>

#include <utility>

namespace changebank {

/// Owns a file descriptor and closes it. Movable; -1 means none.
class FileDescriptor {
public:
    FileDescriptor() = default;
    explicit FileDescriptor(int descriptor) : _descriptor(descriptor) {}
    FileDescriptor(FileDescriptor&& other) noexcept : _descriptor(std::exchange(other._descriptor, -1)) {}
    FileDescriptor& operator=(FileDescriptor&& other) noexcept {
        std::swap(_descriptor, other._descriptor);
        return *this;
    }
    ~FileDescriptor() { close(); }

    int get() const { return _descriptor; }
    explicit operator bool() const { return _descriptor >= 0; }

    void close() {
        if (_descriptor >= 0) ::close(std::exchange(_descriptor, -1));
    }

private:
    int _descriptor = -1;
};

}  // namespace changebank
