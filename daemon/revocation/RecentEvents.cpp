#include "changebank/daemon/revocation/RecentEvents.h"

#include <utility>

namespace changebank::daemon {

bool RecentEvents::contains(std::string_view id) const {
    const std::lock_guard lock(_mutex);
    return _ids.contains(id);
}

void RecentEvents::add(std::string id) {
    const std::lock_guard lock(_mutex);
    if (_ids.contains(id)) return;
    _ids.insert(_order.emplace_back(std::move(id)));
    if (_order.size() <= _capacity) return;
    _ids.erase(_order.front());
    _order.pop_front();
}

}  // namespace changebank::daemon
