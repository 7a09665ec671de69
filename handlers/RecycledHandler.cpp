#include "handlers/RecycledHandler.h"

#include <array>
#include <memory>

namespace changebank::handlers {

namespace {

struct Room {
    alignas(std::max_align_t) std::array<std::byte, RecycledHandler::roomSize> octets;
};

thread_local std::unique_ptr<Room> spareRoom;

bool hasRoom(std::size_t size) {
    return RecycledHandler::isRecycling && size <= RecycledHandler::roomSize;
}

}  // namespace

// NOLINTNEXTLINE(misc-new-delete-overloads,cert-dcl54-cpp): as in the header
void* RecycledHandler::operator new(std::size_t size) {
    if (!hasRoom(size)) return ::operator new(size);
    auto room = spareRoom ? std::move(spareRoom) : std::make_unique_for_overwrite<Room>();
    return room.release();
}

void RecycledHandler::operator delete(void* memory, std::size_t size) noexcept {
    if (!hasRoom(size)) return ::operator delete(memory);
    spareRoom.reset(static_cast<Room*>(memory));
}

}  // namespace changebank::handlers
