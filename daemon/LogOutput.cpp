#include "daemon/LogOutput.h"

#include <Poco/Exception.h>
#include <Poco/Logger.h>
#include <Poco/LoggingRegistry.h>
#include <Poco/Util/LoggingConfigurator.h>
#include <Poco/Util/MapConfiguration.h>
#include <unistd.h>

#include <map>
#include <mutex>
#include <string_view>

#include "daemon/JsonLineFormatter.h"
#include "daemon/StandardErrorChannel.h"

namespace changebank::daemon {

using Poco::Util::AbstractConfiguration;

namespace {

constexpr std::array<const char*, logSources> sourceNames{"changebank", "access", "audit"};

/// What stands between two texts, if the key begins and ends with them.
std::optional<std::string> between(std::string_view first, const std::string& key, std::string_view last) {
    if (key.size() <= first.size() + last.size() || !key.starts_with(first) || !key.ends_with(last))
        return std::nullopt;
    return key.substr(first.size(), key.size() - first.size() - last.size());
}

/// The channels that write to files. POCO's registry cannot be walked through, and a splitter that is closed
/// forgets its channels, so they are looked up by what the section names.
std::vector<Poco::AutoPtr<Poco::Channel>> fileChannels(const std::map<std::string, std::string>& section) {
    std::vector<Poco::AutoPtr<Poco::Channel>> channels;
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

/// One line a message on standard error, in UTC, unless the section `logging.*` says otherwise. The journal
/// brings time and level of its own.
AbstractConfiguration::Ptr configurationOf(const Settings& settings) {
    AbstractConfiguration::Ptr configuration(new Poco::Util::MapConfiguration);
    configuration->setString("logging.channels.console.class", StandardErrorChannel::className);
    const std::string formatter = "logging.channels.console.formatter.";
    if (settings.logJson) {
        configuration->setString(formatter + "class", JsonLineFormatter::className);
    } else {
        configuration->setString(formatter + "class", "PatternFormatter");
        configuration->setString(formatter + "pattern", StandardErrorChannel::isJournal(STDERR_FILENO)
                                                            ? "%s: %t"
                                                            : "%Y-%m-%dT%H:%M:%S.%iZ %p %s: %t");
    }
    configuration->setString("logging.loggers.root.channel", "console");
    configuration->setInt("logging.loggers.root.level", settings.logLevel);
    for (const auto& [key, value] : settings.logging)
        configuration->setString(key, value);
    return configuration;
}

void configure(const Settings& settings) {
    JsonLineFormatter::registerClass();
    StandardErrorChannel::registerClass();
    for (const auto* name : sourceNames)
        Poco::Logger::get(name);
    // A channel of earlier settings must not be found where these name none.
    Poco::LoggingRegistry::defaultRegistry().clear();
    Poco::Util::LoggingConfigurator().configure(configurationOf(settings));
}

}  // namespace

std::variant<LogOutput::Ptr, std::string> LogOutput::of(const Settings& settings) {
    try {
        configure(settings);
        auto output = std::make_shared<LogOutput>();
        for (std::size_t i = 0; i < logSources; ++i) {
            auto& logger = Poco::Logger::get(sourceNames[i]);
            output->_sinks[i] = {sourceNames[i], logger.getChannel(), logger.getLevel()};
        }
        output->_files->channels = fileChannels(settings.logging);
        output->_isJson = settings.logJson;
        for (auto& file : output->_files->channels)
            file->open();
        return output;
    } catch (const Poco::Exception& error) {
        return error.displayText();
    }
}

LogOutput::Ptr LogOutput::withLevel(Poco::Message::Priority level) const {
    auto output = std::make_shared<LogOutput>(*this);
    for (auto& sink : output->_sinks)
        sink.level = level;
    return output;
}

void LogOutput::write(LogSource source, Poco::Message message) const {
    const auto& sink = _sinks[static_cast<std::size_t>(source)];
    message.setSource(sink.name);
    if (!sink.channel) throw Poco::IllegalStateException("no channel to log to", sink.name);
    auto channel = sink.channel;
    if (_files->channels.empty()) {
        channel->log(message);
        return;
    }
    try {
        const std::shared_lock lock(_files->reopening);
        channel->log(message);
    } catch (const Poco::WriteFileException&) {
        reopenFiles();
        const std::shared_lock lock(_files->reopening);
        channel->log(message);
    }
}

std::optional<std::string> LogOutput::reopenFiles() const {
    try {
        const std::unique_lock lock(_files->reopening);
        for (auto& file : _files->channels) {
            file->close();
            file->open();
        }
        return std::nullopt;
    } catch (const Poco::Exception& error) {
        return error.displayText();
    }
}

LogOutput::Ptr LogOutput::to(const Poco::AutoPtr<Poco::Channel>& channel, int level, bool json) {
    auto output = std::make_shared<LogOutput>();
    for (std::size_t i = 0; i < logSources; ++i)
        output->_sinks[i] = {sourceNames[i], channel, level};
    output->_isJson = json;
    return output;
}

}  // namespace changebank::daemon
