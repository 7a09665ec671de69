#include "changebank/daemon/revocation/HostLookup.h"

#include <netdb.h>
#include <sys/eventfd.h>

#include <algorithm>
#include <cerrno>
#include <mutex>
#include <system_error>
#include <thread>
#include <utility>

#include "changebank/base/system/ErrnoText.h"

namespace changebank::daemon {

struct HostLookup::State {
    FileDescriptor done{::eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK)};
    std::mutex mutex;
    Result result;
};

namespace {

struct FreeAddresses {
    void operator()(addrinfo* addresses) const noexcept { ::freeaddrinfo(addresses); }
};

HostLookup::Result lookUp(const std::string& host, std::uint16_t port, int flags) {
    addrinfo hints{};
    hints.ai_family = AF_UNSPEC;
    hints.ai_socktype = SOCK_STREAM;
    hints.ai_flags = flags | AI_NUMERICSERV;
    addrinfo* found = nullptr;
    const int error = ::getaddrinfo(host.c_str(), std::to_string(port).c_str(), &hints, &found);
    if (error != 0)
        return HostLookup::Failure{error == EAI_SYSTEM ? errnoText() : std::string(::gai_strerror(error))};
    const std::unique_ptr<addrinfo, FreeAddresses> owner(found);
    std::vector<HostLookup::Address> addresses;
    for (const auto* each = found; each != nullptr; each = each->ai_next) {
        auto& address = addresses.emplace_back();
        address.size = each->ai_addrlen;
        std::copy_n(reinterpret_cast<const char*>(each->ai_addr), each->ai_addrlen,
                    reinterpret_cast<char*>(&address.storage));
    }
    return addresses;
}

}  // namespace

HostLookup::HostLookup(std::string host, std::uint16_t port) : _state(std::make_shared<State>()) {
    if (!_state->done) throw std::system_error(errno, std::generic_category(), "eventfd");
    const auto finish = [](State& state, Result result) {
        {
            const std::lock_guard lock(state.mutex);
            state.result = std::move(result);
        }
        ::eventfd_write(state.done.get(), 1);
    };
    if (auto result = lookUp(host, port, AI_NUMERICHOST);
        std::holds_alternative<std::vector<Address>>(result)) {
        finish(*_state, std::move(result));
        return;
    }
    std::thread([state = _state, name = std::move(host), port, finish] {
        try {
            finish(*state, lookUp(name, port, AI_ADDRCONFIG));
        } catch (const std::bad_alloc&) {
            finish(*state, Failure{"out of memory"});
        }
    }).detach();
}

int HostLookup::descriptor() const noexcept {
    return _state->done.get();
}

HostLookup::Result HostLookup::result() const {
    const std::lock_guard lock(_state->mutex);
    return _state->result;
}

}  // namespace changebank::daemon
