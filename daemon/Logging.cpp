#include "daemon/Logging.h"

#include <Poco/AutoPtr.h>
#include <Poco/Channel.h>
#include <Poco/Exception.h>
#include <Poco/LoggingRegistry.h>
#include <Poco/Util/LoggingConfigurator.h>
#include <Poco/Util/MapConfiguration.h>

#include <map>
#include <string_view>
#include <vector>

#include "daemon/JsonLineFormatter.h"

namespace changebank::daemon {

using Poco::Util::AbstractConfiguration;

namespace {

using Channels = std::vector<Poco::AutoPtr<Poco::Channel>>;

/// What stands between two texts, if the key begins and ends with them.
std::optional<std::string> between(std::string_view first, const std::string& key, std::string_view last) {
    if (key.size() <= first.size() + last.size() || !key.starts_with(first) || !key.ends_with(last))
        return std::nullopt;
    return key.substr(first.size(), key.size() - first.size() - last.size());
}

/// The channels that write to files. POCO's registry cannot be walked through, and a splitter that is closed
/// forgets its channels, so they are looked up by what the section names.
Channels fileChannels(const std::map<std::string, std::string>& section) {
    Channels channels;
    for (const auto& [key, value] : section) {
        if (!value.ends_with("FileChannel")) continue;
        if (const auto channel = between("logging.channels.", key, ".class")) {
            channels.emplace_back(Poco::LoggingRegistry::defaultRegistry().channelForName(*channel));
        } else if (const auto logger = between("logging.loggers.", key, ".channel.class")) {
            const auto name = section.find("logging.loggers." + *logger + ".name");
            channels.emplace_back(Poco::Logger::get(name == section.end() ? "" : name->second).getChannel());
        }
    }
    return channels;
}

}  // namespace

AbstractConfiguration::Ptr loggingConfiguration(const Settings& settings) {
    AbstractConfiguration::Ptr configuration(new Poco::Util::MapConfiguration);
    configuration->setString("logging.channels.console.class", "ConsoleChannel");
    JsonLineFormatter::registerClass();
    const std::string formatter = "logging.channels.console.formatter.";
    if (settings.logJson) {
        configuration->setString(formatter + "class", JsonLineFormatter::className);
    } else {
        configuration->setString(formatter + "class", "PatternFormatter");
        configuration->setString(formatter + "pattern", "%Y-%m-%dT%H:%M:%S.%iZ %p %s: %t");
    }
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
    return reopenLogFiles(settings);
}

Poco::Logger& daemonLogger() {
    return Poco::Logger::get("changebank");
}

void log(Poco::Message::Priority priority, const std::string& text) noexcept {
    try {
        log(Poco::Message(daemonLogger().name(), text, priority));
    } catch (...) {
        // No memory for the message.
        return;
    }
}

void log(const Poco::Message& message) noexcept {
    try {
        daemonLogger().log(message);
    } catch (...) {
        // There is nowhere left to say so.
        return;
    }
}

std::optional<std::string> reopenLogFiles(const Settings& settings) {
    try {
        for (auto& channel : fileChannels(settings.logging)) {
            channel->close();
            channel->open();
        }
        return std::nullopt;
    } catch (const Poco::Exception& error) {
        return error.displayText();
    }
}

}  // namespace changebank::daemon
