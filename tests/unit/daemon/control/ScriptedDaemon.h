#pragma once

#include <Poco/Net/ServerSocket.h>
#include <Poco/Net/SocketAddress.h>
#include <Poco/Net/StreamSocket.h>

#include <array>
#include <future>
#include <iostream>
#include <sstream>
#include <string>
#include <vector>

#include "tests/support/TemporaryFolder.h"

namespace changebank::daemon {

/// An admin socket that answers one request with a given response, or several in order, and keeps the
/// requests.
class ScriptedDaemon {
public:
    ScriptedDaemon(int status, const std::string& body)
        : _socket(Poco::Net::SocketAddress(Poco::Net::SocketAddress::UNIX_LOCAL, path())),
          _request(std::async(std::launch::async, [this, status, body] { return answer(status, body); })) {}

    /// One response for each request, with the status 200.
    explicit ScriptedDaemon(const std::vector<std::string>& bodies)
        : _socket(Poco::Net::SocketAddress(Poco::Net::SocketAddress::UNIX_LOCAL, path())),
          _request(std::async(std::launch::async, [this, bodies] {
              std::string requests;
              for (const auto& body : bodies)
                  requests += answer(200, body);
              return requests;
          })) {}

    std::string path() const { return _folder.file("admin.sock"); }

    /// The requests with their bodies; waits until all were answered.
    std::string request() { return _request.get(); }

private:
    std::string answer(int status, const std::string& body) {
        if (!_socket.poll(Poco::Timespan(30, 0), Poco::Net::Socket::SELECT_READ)) return "no request";
        auto connection = _socket.acceptConnection();
        connection.setReceiveTimeout(Poco::Timespan(30, 0));
        std::string request;
        std::array<char, 4096> buffer{};
        while (!isComplete(request)) {
            const int count = connection.receiveBytes(buffer.data(), buffer.size());
            if (count <= 0) break;
            request.append(buffer.data(), static_cast<std::size_t>(count));
        }
        const auto response = "HTTP/1.1 " + std::to_string(status) +
                              " Scripted\r\nContent-Length: " + std::to_string(body.size()) + "\r\n\r\n" +
                              body;
        connection.sendBytes(response.data(), static_cast<int>(response.size()));
        return request;
    }

    static bool isComplete(const std::string& request) {
        const auto head = request.find("\r\n\r\n");
        const std::string name = "Content-Length: ";
        const auto length = request.find(name);
        return head != std::string::npos && length < head &&
               request.size() >= head + 4 + std::stoul(request.substr(length + name.size()));
    }

    tests::TemporaryFolder _folder;
    Poco::Net::ServerSocket _socket;
    std::future<std::string> _request;
};

/// What a command prints to a standard stream while this lives.
class PrintedText {
public:
    explicit PrintedText(std::ostream& stream) : _stream(stream), _before(stream.rdbuf(_text.rdbuf())) {}
    ~PrintedText() { _stream.rdbuf(_before); }
    PrintedText(const PrintedText&) = delete;
    PrintedText& operator=(const PrintedText&) = delete;

    std::string text() const { return _text.str(); }

private:
    std::ostream& _stream;
    std::ostringstream _text;
    std::streambuf* _before;
};

}  // namespace changebank::daemon
