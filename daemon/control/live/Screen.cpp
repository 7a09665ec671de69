#include "changebank/daemon/control/live/Screen.h"

#include <sys/ioctl.h>
#include <unistd.h>

#include <algorithm>
#include <cstdlib>

#include "changebank/base/text/Utf8.h"

namespace changebank::daemon {

namespace {

constexpr std::string_view home = "\x1b[H";
constexpr std::string_view clearLine = "\x1b[K";
constexpr std::string_view clearBelow = "\x1b[J";
constexpr std::string_view plain = "\x1b[0m";
constexpr char escape = '\x1b';

/// The next character of a line, or the next sequence that sets a colour.
std::string_view nextOf(std::string_view line) {
    if (line.front() != escape) return line.substr(0, std::max<std::size_t>(utf8SequenceLength(line), 1));
    const auto end = line.find('m');
    return line.substr(0, end == std::string_view::npos ? end : end + 1);
}

std::string cut(std::string_view line, std::size_t columns) {
    std::string text;
    bool isColoured = false;
    for (std::size_t column = 0; !line.empty();) {
        const auto next = nextOf(line);
        const bool isColour = next.front() == escape;
        if (!isColour && column++ == columns) break;
        isColoured = isColoured || isColour;
        text += next;
        line.remove_prefix(next.size());
    }
    return text + std::string(isColoured && !line.empty() ? plain : "");
}

}  // namespace

ScreenSize screenSize() {
    winsize size{};
    if (::ioctl(STDOUT_FILENO, TIOCGWINSZ, &size) != 0 || size.ws_col == 0 || size.ws_row == 0) return {};
    return {size.ws_col, size.ws_row};
}

bool isScreen() {
    const char* terminal = std::getenv("TERM");
    return ::isatty(STDOUT_FILENO) == 1 && terminal != nullptr && std::string_view(terminal) != "dumb";
}

std::string drawn(std::string_view text, ScreenSize size) {
    const auto lines = static_cast<std::size_t>(std::count(text.begin(), text.end(), '\n'));
    // The cursor stands behind the last line.
    const auto room = std::max<std::size_t>(size.rows, 2) - 1;
    const bool isLong = lines > room;
    std::string frame(home);
    for (std::size_t i = 0; i < std::min(lines, room); ++i) {
        const auto line = text.substr(0, text.find('\n'));
        text.remove_prefix(line.size() + 1);
        frame += (isLong && i + 1 == room ? "..." : cut(line, size.columns)) + std::string(clearLine) + "\n";
    }
    return frame + std::string(clearBelow);
}

}  // namespace changebank::daemon
