#pragma once

#include <Poco/Formatter.h>

#include <string>

namespace changebank::daemon {

/// Formats a log message as one line of JSON:
/// `{"time":"…Z","level":"information","source":"…","message":"…"}`, and behind these the members that a
/// message brings along.
class JsonLineFormatter : public Poco::Formatter {
public:
    /// The name by which `logging.*` refers to it, once it is registered.
    static constexpr const char* className = "JsonLineFormatter";

    /// The parameter of a message (Poco::Message::set()) that holds more members of the object, as JSON text
    /// without braces: `"a":1,"b":"c"`.
    static constexpr const char* membersParameter = "members";
    /// The parameter whose value stands in `message` instead of the message's text, which says what the
    /// members say too.
    static constexpr const char* eventParameter = "event";

    /// Makes the name known to POCO's logging factory. Safe to call more than once.
    static void registerClass();

    void format(const Poco::Message& message, std::string& text) override;
};

}  // namespace changebank::daemon
