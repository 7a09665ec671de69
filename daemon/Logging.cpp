#include "daemon/Logging.h"

#include <Poco/AutoPtr.h>
#include <Poco/Channel.h>
#include <Poco/Exception.h>
#include <Poco/Util/LoggingConfigurator.h>
#include <Poco/Util/MapConfiguration.h>

#include <vector>

namespace changebank::daemon {

using Poco::Util::AbstractConfiguration;

namespace {

std::vector<Poco::AutoPtr<Poco::Channel>> channelsInUse() {
    std::vector<std::string> names;
    Poco::Logger::names(names);
    std::vector<Poco::AutoPtr<Poco::Channel>> channels;
    for (const auto& name : names) {
        const Poco::AutoPtr<Poco::Channel> channel(Poco::Logger::get(name).getChannel());
        if (channel) channels.push_back(channel);
    }
    return channels;
}

}  // namespace

AbstractConfiguration::Ptr loggingConfiguration(const Settings& settings) {
    AbstractConfiguration::Ptr configuration(new Poco::Util::MapConfiguration);
    configuration->setString("logging.channels.console.class", "ConsoleChannel");
    configuration->setString("logging.channels.console.formatter.class", "PatternFormatter");
    configuration->setString("logging.channels.console.formatter.pattern", "%Y-%m-%dT%H:%M:%S.%iZ %p %s: %t");
    configuration->setString("logging.loggers.root.channel", "console");
    configuration->setInt("logging.loggers.root.level", settings.logLevel);
    for (const auto& [key, value] : settings.logging)
        configuration->setString(key, value);
    return configuration;
}

std::optional<std::string> faultOfLogging(const Settings& settings) {
    try {
        Poco::Util::LoggingConfigurator().configure(loggingConfiguration(settings));
    } catch (const Poco::Exception& error) {
        return error.displayText();
    }
    auto fault = reopenLogFiles();
    // A channel with a thread of its own must not be open when the daemon forks.
    for (auto& channel : channelsInUse())
        channel->close();
    return fault;
}

Poco::Logger& daemonLogger() {
    return Poco::Logger::get("changebank");
}

void log(Poco::Message::Priority priority, const std::string& text) noexcept {
    try {
        auto& logger = daemonLogger();
        logger.log(Poco::Message(logger.name(), text, priority));
    } catch (...) {
        // There is nowhere left to say so.
        return;
    }
}

std::optional<std::string> reopenLogFiles() {
    try {
        for (auto& channel : channelsInUse()) {
            channel->close();
            channel->open();
        }
        return std::nullopt;
    } catch (const Poco::Exception& error) {
        return error.displayText();
    }
}

}  // namespace changebank::daemon
