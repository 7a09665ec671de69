#pragma once

#include <Poco/Net/HTTPServer.h>

#include <cstddef>
#include <mutex>
#include <string>
#include <vector>

#include "tests/support/Inbox.h"

namespace changebank::tests {

/// What a webhook was told by one request.
struct Told {
    std::string body;
    std::string signature;
    std::string authorization;
    std::string contentType;
};

/// Somebody's webhook on a free loopback port.
class WebhookReceiver {
public:
    WebhookReceiver();
    ~WebhookReceiver();
    WebhookReceiver(const WebhookReceiver&) = delete;
    WebhookReceiver& operator=(const WebhookReceiver&) = delete;

    std::string url() const;

    /// The statuses of the next answers, in their order; those after them have 200.
    void answerWith(std::vector<int> statuses);

    /// See Inbox::take().
    std::vector<Told> take(std::size_t count) { return _inbox.take(count); }

private:
    class Factory;
    class Handler;

    int nextStatus();

    Inbox<Told> _inbox;
    std::mutex _mutex;
    std::vector<int> _statuses;
    Poco::Net::HTTPServer _server;
};

}  // namespace changebank::tests
