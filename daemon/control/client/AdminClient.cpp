#include "changebank/daemon/control/client/AdminClient.h"

#include <Poco/Exception.h>
#include <Poco/Net/HTTPClientSession.h>
#include <Poco/Net/HTTPRequest.h>
#include <Poco/Net/HTTPResponse.h>
#include <Poco/Net/SocketAddress.h>
#include <Poco/Net/StreamSocket.h>
#include <Poco/StreamCopier.h>
#include <sys/socket.h>
#include <sys/un.h>

#include <cerrno>

#include "changebank/base/text/ForeignText.h"
#include "changebank/daemon/settings/values/SettingType.h"

namespace changebank::daemon {

using namespace Poco::Net;

namespace {

/// A reload may wait more than once for a key server, each time up to its timeout.
const Poco::Timespan patience(150, 0);

AdminFault faultOf(const std::string& path, const Poco::Exception& error) {
    const auto socket = "the admin socket " + inQuotes(path);
    switch (error.code()) {
        case ENOENT:
        case ECONNREFUSED:
            return {AdminFault::Kind::notRunning, "changebankd is not running: nothing listens on " + socket +
                                                      "; use --pid=PID if it has another socket"};
        case EACCES:
        case EPERM:
            return {AdminFault::Kind::forbidden, socket +
                                                     ": permission denied; run as root, as the daemon's user "
                                                     "or as a member of its group"};
        default:
            return {AdminFault::Kind::failed, socket + ": " + error.displayText()};
    }
}

AdminResponse exchange(StreamSocket& socket, const std::string& method, const std::string& target,
                       const std::string& body) {
    HTTPClientSession session(socket);
    session.setTimeout(patience);
    HTTPRequest request(method, target, HTTPMessage::HTTP_1_1);
    request.set("Host", "changebankd");
    request.setKeepAlive(false);
    request.setContentLength(static_cast<std::streamsize>(body.size()));
    session.sendRequest(request) << body;
    HTTPResponse response;
    AdminResponse result;
    Poco::StreamCopier::copyToString(session.receiveResponse(response), result.body);
    result.status = response.getStatus();
    return result;
}

}  // namespace

std::variant<AdminResponse, AdminFault> askDaemon(const std::string& socketPath, const std::string& method,
                                                  const std::string& target, const std::string& body) {
    if (socketPath.size() >= sizeof(sockaddr_un::sun_path))
        return AdminFault{AdminFault::Kind::failed, inQuotes(socketPath) + " is too long for a socket path"};
    try {
        StreamSocket socket;
        socket.connect(SocketAddress(SocketAddress::UNIX_LOCAL, socketPath));
        auto response = exchange(socket, method, target, body);
        if (response.status != HTTPResponse::HTTP_FORBIDDEN) return response;
        return AdminFault{AdminFault::Kind::forbidden, "changebankd denies access to this user"};
    } catch (const Poco::Exception& error) {
        return faultOf(socketPath, error);
    }
}

}  // namespace changebank::daemon
