#include "daemon/LogOutput.h"

#include <Poco/Exception.h>
#include <Poco/Logger.h>

#include <mutex>

namespace changebank::daemon {

namespace {

constexpr std::array<const char*, logSources> sourceNames{"changebank", "access", "audit"};

}  // namespace

std::variant<LogOutput::Ptr, std::vector<LoggingFault>> LogOutput::of(const Settings& settings) {
    for (const auto* name : sourceNames)
        Poco::Logger::get(name);
    LoggingSection section(settings);
    section.apply();
    if (!section.faults().empty()) return section.faults();
    auto output = std::make_shared<LogOutput>();
    for (std::size_t i = 0; i < logSources; ++i) {
        auto& logger = Poco::Logger::get(sourceNames[i]);
        output->_sinks[i] = {sourceNames[i], logger.getChannel(), logger.getLevel()};
    }
    output->_files->channels = section.files();
    output->_isJson = settings.logJson;
    return output;
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
