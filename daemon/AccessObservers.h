#pragma once

#include <utility>
#include <vector>

#include "daemon/http/AccessObserver.h"

namespace changebank::daemon {

/// Several observers as one; each hears of every request, in the order given.
class AccessObservers : public http::AccessObserver {
public:
    explicit AccessObservers(std::vector<http::AccessObserver::Ptr> observers)
        : _observers(std::move(observers)) {}

    void answered(const http::AccessRecord& record) noexcept override {
        for (const auto& observer : _observers)
            observer->answered(record);
    }

private:
    std::vector<http::AccessObserver::Ptr> _observers;
};

}  // namespace changebank::daemon
