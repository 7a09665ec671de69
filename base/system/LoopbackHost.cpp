#include "changebank/base/system/LoopbackHost.h"

#include <Poco/Net/IPAddress.h>

namespace changebank {

bool isLoopbackHost(const std::string& host) {
    Poco::Net::IPAddress address;
    return host == "localhost" || (Poco::Net::IPAddress::tryParse(host, address) && address.isLoopback());
}

}  // namespace changebank
