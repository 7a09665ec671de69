#include "changebank/daemon/logging/JournalEntry.h"

#include <cstdint>

namespace changebank::daemon {

namespace {

std::string littleEndian(std::uint64_t number) {
    std::string bytes;
    for (int i = 0; i < 8; ++i, number >>= 8U)
        bytes += static_cast<char>(number & 0xFFU);
    return bytes;
}

std::string fieldNameOf(std::string_view member) {
    if (member == "id") return "REQUEST_ID";
    std::string name;
    for (const char c : member) {
        if (c >= 'A' && c <= 'Z') name += '_';
        name += c >= 'a' && c <= 'z' ? static_cast<char>(c - 'a' + 'A') : c;
    }
    return name;
}

}  // namespace

JournalEntry& JournalEntry::add(std::string_view name, std::string_view value) {
    if (value.empty()) return *this;
    _fields += name;
    _fields += value.find('\n') == std::string_view::npos ? "=" : "\n" + littleEndian(value.size());
    _fields += value;
    _fields += '\n';
    return *this;
}

JournalEntry& JournalEntry::addMember(std::string_view member, std::string_view value) {
    return add(fieldNameOf(member), value);
}

}  // namespace changebank::daemon
