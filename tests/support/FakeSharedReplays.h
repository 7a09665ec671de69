#pragma once

#include <functional>
#include <memory>
#include <set>
#include <string>
#include <utility>
#include <vector>

#include "changebank/security/dpop/SharedReplays.h"

namespace changebank::tests {

/// Shared uses of proofs, whose outcomes come when the test says so. For one thread.
class FakeSharedReplays : public security::SharedReplays {
public:
    Joined insert(Use use, std::function<void()> ended) override {
        uses.push_back(use);
        if (isDown) return Outcome::unavailable;
        auto place = std::make_unique<Waiting>(*this);
        place->id = use.id;
        place->ended = std::move(ended);
        _waiting.insert(place.get());
        if (answersAtOnce) answer();
        return place;
    }
    std::chrono::milliseconds maxWait() const override { return std::chrono::milliseconds(1234); }

    /// Decides on all uses that wait.
    void answer() {
        for (auto* place : std::exchange(_waiting, {})) {
            place->result = used.insert(place->id).second ? Outcome::inserted : Outcome::replayed;
            std::exchange(place->ended, nullptr)();
        }
    }

    std::size_t waiting() const { return _waiting.size(); }

    bool isDown = false;
    bool answersAtOnce = false;
    /// What was asked.
    std::vector<Use> uses;
    /// The ids of all that were used, at any server.
    std::set<std::string> used;

private:
    struct Waiting : Place {
        explicit Waiting(FakeSharedReplays& all) : owner(all) {}
        ~Waiting() override { owner._waiting.erase(this); }
        Waiting(const Waiting&) = delete;
        Waiting& operator=(const Waiting&) = delete;
        Outcome outcome() const override { return result; }

        FakeSharedReplays& owner;
        std::string id;
        std::function<void()> ended;
        Outcome result = Outcome::unavailable;
    };

    std::set<Waiting*> _waiting;
};

}  // namespace changebank::tests
