#pragma once

#include <cstddef>
#include <string>
#include <string_view>

/// Draws on a terminal by the escape sequences of ECMA-48 that every terminal knows.
namespace changebank::daemon {

struct ScreenSize {
    std::size_t columns = 80;
    std::size_t rows = 24;
};

/// That of the terminal at standard output; the default if that is none.
ScreenSize screenSize();

/// Whether standard output is a terminal that can be drawn on: not with TERM=dumb.
bool isScreen();

/// What draws a text over the one before: from the top left corner, each line cut to the width of the screen,
/// the rest of the screen cleared. Lines beyond the screen are left out, but for three points. Colours (SGR
/// sequences) take no room; the text must have no other control characters.
std::string drawn(std::string_view text, ScreenSize size);

}  // namespace changebank::daemon
