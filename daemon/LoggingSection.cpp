#include "daemon/LoggingSection.h"

#include <Poco/Exception.h>
#include <Poco/Logger.h>
#include <Poco/LoggingRegistry.h>
#include <Poco/Util/LoggingConfigurator.h>
#include <unistd.h>

#include <algorithm>
#include <optional>
#include <string_view>

#include "daemon/JsonLineFormatter.h"
#include "daemon/StandardErrorChannel.h"
#include "daemon/TracedConfiguration.h"

namespace changebank::daemon {

namespace {

/// A bound on the time that a section full of faults takes.
constexpr int mostRounds = 200;

constexpr const char* missing = "is missing";

constexpr std::string_view harmlessChannel = "NullChannel";
constexpr std::string_view harmlessFormatter = "PatternFormatter";

/// What stands between two texts, if the key begins and ends with them.
std::optional<std::string> between(std::string_view first, const std::string& key, std::string_view last) {
    if (key.size() <= first.size() + last.size() || !key.starts_with(first) || !key.ends_with(last))
        return std::nullopt;
    return key.substr(first.size(), key.size() - first.size() - last.size());
}

/// The key beside this one, that ends with another name.
std::string sibling(const std::string& key, std::string_view name) {
    return key.substr(0, key.rfind('.') + 1).append(name);
}

/// The journal brings time and level of its own.
const char* linePattern() {
    return StandardErrorChannel::isJournal(STDERR_FILENO) ? "%s: %t" : "%Y-%m-%dT%H:%M:%S.%iZ %p %s: %t";
}

}  // namespace

LoggingSection::LoggingSection(const Settings& settings) : _properties(settings.logging) {
    const auto standard = [this](const std::string& key, std::string_view value) {
        _properties.try_emplace("logging." + key, value);
    };
    standard("channels.console.class", StandardErrorChannel::className);
    if (settings.logJson) {
        standard("channels.console.formatter.class", JsonLineFormatter::className);
    } else {
        standard("channels.console.formatter.class", harmlessFormatter);
        standard("channels.console.formatter.pattern", linePattern());
    }
    standard("loggers.root.channel", "console");
    standard("loggers.root.level", std::to_string(settings.logLevel));
}

void LoggingSection::apply() {
    JsonLineFormatter::registerClass();
    StandardErrorChannel::registerClass();
    for (int round = 0; round < mostRounds; ++round) {
        if (isTaken()) return openFiles();
    }
}

/// Whether POCO takes the section; what it does not take is replaced, for the next time.
bool LoggingSection::isTaken() {
    // A channel of earlier settings must not be found where these name none.
    Poco::LoggingRegistry::defaultRegistry().clear();
    const TracedConfiguration::Ptr configuration(new TracedConfiguration(_properties));
    try {
        Poco::Util::LoggingConfigurator().configure(configuration);
    } catch (const Poco::Exception& error) {
        const auto missed = configuration->missed(error.message());
        const auto& key = missed.empty() ? configuration->found() : missed;
        blame(key, missed.empty() ? error.displayText() : missing);
        replace(key);
        return false;
    }
    for (const auto& key : configuration->unread())
        blame(key, "means nothing to POCO's logging");
    return true;
}

/// What was put in the place of a property may be refused as well, which is no fault of the settings.
void LoggingSection::blame(const std::string& key, const std::string& why) {
    const auto isKey = [&](const LoggingFault& fault) { return fault.key == key; };
    if (std::none_of(_faults.begin(), _faults.end(), isKey)) _faults.push_back({key, why});
}

/// Classes are needed, and POCO does not say of what kind: so the one that does for a channel is tried first,
/// and then the one for a formatter. It takes no properties of others.
void LoggingSection::replace(const std::string& key) {
    const auto property = _properties.find(key);
    const auto value = property == _properties.end() ? std::string() : property->second;
    if (!key.ends_with(".class") || value == harmlessFormatter) {
        _properties.erase(key);
        eraseBelow(key + ".");
    } else if (value == harmlessChannel) {
        eraseBelow(sibling(key, ""));
        _properties[key] = harmlessFormatter;
    } else {
        _properties[key] = harmlessChannel;
    }
}

void LoggingSection::eraseBelow(const std::string& prefix) {
    std::erase_if(_properties, [&](const auto& property) { return property.first.starts_with(prefix); });
}

void LoggingSection::openFiles() {
    for (const auto& [key, value] : _properties) {
        if (!value.ends_with("FileChannel")) continue;
        auto channel = fileChannelOf(key);
        if (!channel) continue;
        try {
            channel->open();
            _files.push_back(channel);
        } catch (const Poco::Exception& error) {
            const auto path = sibling(key, "path");
            blame(path, _properties.contains(path) ? error.displayText() : missing);
        }
    }
}

/// POCO's registry cannot be walked through, and a splitter that is closed forgets its channels, so they are
/// looked up by what the section names.
Poco::AutoPtr<Poco::Channel> LoggingSection::fileChannelOf(const std::string& classKey) const {
    if (const auto channel = between("logging.channels.", classKey, ".class"))
        return Poco::LoggingRegistry::defaultRegistry().channelForName(*channel);
    const auto logger = between("logging.loggers.", classKey, ".channel.class");
    if (!logger) return {};
    const auto name = _properties.find("logging.loggers." + *logger + ".name");
    return Poco::Logger::get(name == _properties.end() ? "" : name->second).getChannel();
}

}  // namespace changebank::daemon
