#include "changebank/daemon/settings/FormerSetting.h"

#include <algorithm>

#include "changebank/daemon/settings/values/LogLevel.h"

namespace changebank::daemon {

namespace {

std::string pathIn(std::string_view value) {
    const auto isPrintable = [](char c) { return c >= ' ' && c <= '~'; };
    const bool isPlain =
        value.starts_with('/') && value.size() <= 200 && std::all_of(value.begin(), value.end(), isPrintable);
    return std::string(isPlain ? value : "PATH");
}

/// There is one level for all sources; others than the root's must not become it.
std::string levelIn(std::string_view key, std::string_view value) {
    const bool isLevelOfAll = key == "logging.loggers.root.level" && logLevelNamed(value);
    return std::string(isLevelOfAll ? value : "LEVEL");
}

std::string replacementOfClass(std::string_view value) {
    if (value == "SyslogChannel") return "log.target = syslog";
    if (value == "ConsoleChannel" || value == "ColorConsoleChannel") return "log.target = stderr";
    if (value == "JsonLineFormatter") return "log.format = json";
    if (value == "PatternFormatter") return "log.format = text";
    if (value.ends_with("FileChannel")) return "log.target = file:PATH";
    return "log.target";
}

bool isOfRotation(std::string_view property) {
    return property.starts_with("rotat") || property.starts_with("purge") || property == "archive" ||
           property == "compress" || property == "times";
}

}  // namespace

std::optional<std::string> replacementOf(std::string_view key, std::string_view value) {
    if (!key.starts_with("logging.")) return std::nullopt;
    const auto property = key.substr(key.rfind('.') + 1);
    if (property == "class") return replacementOfClass(value);
    if (property == "level") return "log.level = " + levelIn(key, value);
    if (isOfRotation(property)) return "logrotate";
    if (property == "pattern" || property == "formatter" || key.starts_with("logging.formatters."))
        return "log.format = text";
    const bool isOfAudit = key.find(".audit") != std::string_view::npos;
    if (property == "path") return (isOfAudit ? "audit.file = " : "log.target = file:") + pathIn(value);
    return isOfAudit ? "audit.file = PATH" : "log.target = file:PATH";
}

}  // namespace changebank::daemon
