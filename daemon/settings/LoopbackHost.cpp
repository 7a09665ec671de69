#include "changebank/daemon/settings/LoopbackHost.h"

#include <Poco/Net/IPAddress.h>

namespace changebank::daemon {

bool isLoopbackHost(const std::string& host) {
    Poco::Net::IPAddress address;
    return host == "localhost" || (Poco::Net::IPAddress::tryParse(host, address) && address.isLoopback());
}

}  // namespace changebank::daemon
