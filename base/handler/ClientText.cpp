#include "changebank/base/handler/ClientText.h"

namespace changebank {

std::string clientText(const Poco::Net::SocketAddress& client) {
    if (client.family() != Poco::Net::SocketAddress::UNIX_LOCAL)
        return client.port() != 0 ? client.toString() : client.host().toString();
    auto path = client.toString();
    return path.empty() ? "unix" : path;
}

}  // namespace changebank
