#include "kickstart/oauth/Html.h"

#include <Poco/Net/EscapeHTMLStream.h>

#include <algorithm>
#include <sstream>
#include <stdexcept>

namespace changebank::kickstart {

Html Html::text(std::string_view text) {
    std::ostringstream markup;
    Poco::Net::EscapeHTMLOutputStream(markup) << text << std::flush;
    return Html(markup.str());
}

Html Html::fill(std::string_view templateText, const std::vector<std::pair<std::string, Html>>& fields) {
    std::string markup;
    while (true) {
        const auto start = templateText.find("{{");
        markup += templateText.substr(0, start);
        if (start == std::string_view::npos) return Html(markup);
        templateText.remove_prefix(start + 2);
        const auto name = templateText.substr(0, templateText.find("}}"));
        const auto field = std::find_if(fields.begin(), fields.end(),
                                        [&](const auto& known) { return known.first == name; });
        if (field == fields.end())
            throw std::logic_error("the template's field " + std::string(name) + " is not given");
        markup += field->second._markup;
        templateText.remove_prefix(name.size() + 2);
    }
}

}  // namespace changebank::kickstart
