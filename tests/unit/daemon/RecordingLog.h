#pragma once

#include <Poco/AutoPtr.h>
#include <Poco/Channel.h>
#include <Poco/Logger.h>
#include <Poco/Message.h>

#include <string>

#include "daemon/Logging.h"

namespace changebank::daemon {

/// Takes the place of the daemon logger's channel as long as it lives, and keeps `PRIORITY TEXT` of each
/// message as a line.
class RecordingLog {
public:
    explicit RecordingLog(int level) : _channel(new Channel), _level(daemonLogger().getLevel()) {
        daemonLogger().setChannel(_channel);
        daemonLogger().setLevel(level);
    }
    ~RecordingLog() {
        daemonLogger().setChannel(nullptr);
        daemonLogger().setLevel(_level);
    }
    RecordingLog(const RecordingLog&) = delete;
    RecordingLog& operator=(const RecordingLog&) = delete;

    const std::string& text() const { return _channel->text; }
    void failFromNowOn() { _channel->fails = true; }

private:
    struct Channel : Poco::Channel {
        void log(const Poco::Message& message) override {
            if (fails) throw Poco::IOException("disk full");
            text += std::to_string(message.getPriority()) + " " + message.getText() + "\n";
        }
        std::string text;
        bool fails = false;
    };

    Poco::AutoPtr<Channel> _channel;
    int _level;
};

}  // namespace changebank::daemon
