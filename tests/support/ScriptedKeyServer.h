#pragma once

#include <Poco/Net/ServerSocket.h>
#include <Poco/Net/StreamSocket.h>

#include <atomic>
#include <functional>
#include <mutex>
#include <string>
#include <thread>
#include <vector>

namespace changebank::tests {

/// An HTTP key server on a free loopback port that does what a script says, each connection on a thread of
/// its own, and counts what it was asked.
class ScriptedKeyServer {
public:
    /// Answers one request, whose head is given, on the connection; the connection is closed after it
    /// returns.
    using Script = std::function<void(Poco::Net::StreamSocket& connection, const std::string& requestHead)>;

    explicit ScriptedKeyServer(Script script);
    ~ScriptedKeyServer();
    ScriptedKeyServer(const ScriptedKeyServer&) = delete;
    ScriptedKeyServer& operator=(const ScriptedKeyServer&) = delete;

    /// Another script from the next request on.
    void play(Script script);

    std::string uri() const;
    unsigned short port() const { return _port; }

    /// Requests whose head has arrived so far.
    unsigned hits() const { return _hits; }
    std::string lastRequestHead() const;

    /// True once the server is being destroyed; a script that waits for nothing else looks at this.
    bool isStopping() const { return _stopping; }

    /// Scripts.
    static Script document(std::string body, std::string extraHeaders = {});
    static Script status(int status);
    /// Sends these octets as they are.
    static Script raw(std::string octets);
    /// Sends the head of a 200 answer and then one octet of the body at each pause, until the client goes
    /// away.
    static Script drip(std::chrono::milliseconds pause);
    /// Never answers; ends when the client goes away.
    static Script silence();

private:
    void accept();
    void serve(Poco::Net::StreamSocket& connection);

    Poco::Net::ServerSocket _listener;
    unsigned short _port;
    std::atomic<bool> _stopping{false};
    std::atomic<unsigned> _hits{0};
    mutable std::mutex _mutex;
    Script _script;
    std::string _lastRequestHead;
    std::vector<std::thread> _connections;
    std::thread _acceptor;
};

}  // namespace changebank::tests
