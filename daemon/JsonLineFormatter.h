#pragma once

#include <Poco/Formatter.h>

#include <string>

namespace changebank::daemon {

/// Formats a log message as one line of JSON:
/// `{"time":"…Z","level":"information","source":"…","message":"…"}`.
class JsonLineFormatter : public Poco::Formatter {
public:
    /// The name by which `logging.*` refers to it, once it is registered.
    static constexpr const char* className = "JsonLineFormatter";

    /// Makes the name known to POCO's logging factory. Safe to call more than once.
    static void registerClass();

    void format(const Poco::Message& message, std::string& text) override;
};

}  // namespace changebank::daemon
