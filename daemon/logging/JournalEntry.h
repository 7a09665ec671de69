#pragma once

#include <string>
#include <string_view>

namespace changebank::daemon {

/// The fields of one entry for systemd's journal, in the form of its native protocol
/// (https://systemd.io/JOURNAL_NATIVE_PROTOCOL): `NAME=VALUE` and a newline, or, for a value that has
/// newlines, the name, a newline, the value's length as 64 bits in little-endian order, the value and a
/// newline. Thus a value may be any bytes and never becomes another field.
class JournalEntry {
public:
    /// The parameter of a message (Poco::Message::set()) with additional fields, as fields() returns them.
    static constexpr const char* fieldsParameter = "journal";

    /// Adds a field; an empty value adds none. `name` must have capitals, digits and underscores only, at
    /// most 64, and begin with a capital. A name that is added again is a further value of that field.
    JournalEntry& add(std::string_view name, std::string_view value);

    /// Adds a field of the name that a member of a JSON line has: `issuedUpTo` is ISSUED_UP_TO, and `id`, the
    /// request's, REQUEST_ID.
    JournalEntry& addMember(std::string_view member, std::string_view value);

    const std::string& fields() const noexcept { return _fields; }

private:
    std::string _fields;
};

}  // namespace changebank::daemon
