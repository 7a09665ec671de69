#pragma once

#include <Poco/Formatter.h>

#include <string>

namespace changebank::daemon {

/// Formats a log message as one line of JSON:
/// `{"time":"…Z","level":"information","source":"…","message":"…"}`, and behind these the members that a
/// message brings along.
class JsonLineFormatter : public Poco::Formatter {
public:
    /// The parameter of a message (Poco::Message::set()) that holds more members of the object, as JSON text
    /// without braces: `"a":1,"b":"c"`.
    static constexpr const char* membersParameter = "members";
    /// The parameter whose value stands in `message` instead of the message's text, which says what the
    /// members say too.
    static constexpr const char* eventParameter = "event";

    void format(const Poco::Message& message, std::string& text) override;
};

}  // namespace changebank::daemon
