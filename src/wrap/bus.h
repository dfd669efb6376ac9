// SPDX-License-Identifier: Apache-2.0
//
// The system bus (sd-bus(3)), for who asks systemd and machined and goes on with other work.

#pragma once

#include "wrap/handle.h"

#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <utility>
#include <vector>

struct sd_bus;
struct sd_bus_message;

namespace rkt {

void close_bus(sd_bus* bus) noexcept;
void drop_message(sd_bus_message* message) noexcept;

// Whom a call is for.
struct BusObject {
    const char* service;
    const char* path;
    const char* interface;
};

// An answer or a signal, read from front to back.
class BusMessage {
public:
    explicit BusMessage(sd_bus_message* message) noexcept; // takes a reference of its own

    // What the other side refused with; nothing if it did not.
    std::optional<std::string> error() const;

    // Throw Error if the message has something else at that place.
    std::string text();
    std::uint32_t number();

private:
    Handle<sd_bus_message, drop_message> message_;
};

// A call being put together. The values are added in the order of the method's signature.
class BusCall {
public:
    BusCall& add(const std::string& value);
    BusCall& add(const char* value) { return add(std::string(value)); }
    BusCall& add(std::uint32_t value);
    BusCall& add(bool value);
    BusCall& add(std::span<const std::uint8_t> bytes);
    BusCall& add_numbers(std::span<const std::int32_t> values); // ai

    BusCall& open(char type, const char* contents); // as sd_bus_message_open_container(3)
    BusCall& close();

    // A (sv) with one value in it, as unit properties are given.
    BusCall& property(const char* name, const std::string& value);
    BusCall& property(const char* name, const char* value) { return property(name, std::string(value)); }
    BusCall& property(const char* name, bool value);
    BusCall& property_number(const char* name, std::uint64_t value); // t

    // Sends the call and waits. A refusal is an Error in the words of the other side.
    BusMessage send();

    // Sends the call and goes on; the answer, or the refusal, comes from Bus::process().
    void send(std::function<void(BusMessage)> handler);

private:
    friend class Bus;
    BusCall(sd_bus* bus, sd_bus_message* message, std::string method);
    void check(int r) const;

    sd_bus* bus_;
    Handle<sd_bus_message, drop_message> message_;
    std::string method_;
};

class Bus {
public:
    // The system bus; throws if there is none.
    static Bus open_system();

    BusCall call(const BusObject& object, const char* method);

    // Calls the handler at each such signal. Waits for the bus only in that the match is in force before any
    // later call.
    void on_signal(const BusObject& object, const char* member, std::function<void(BusMessage)> handler);

    std::string unique_name();

    // For a Loop: readable when process() has something to do.
    int fd() const;
    void process();

    // Waits for and handles what comes, until the condition holds.
    void process_until(const std::function<bool()>& condition);

private:
    explicit Bus(sd_bus* bus) noexcept : bus_(bus) {}

    using Kept = std::unique_ptr<std::function<void(BusMessage)>>;

    Handle<sd_bus, close_bus> bus_;
    std::vector<Kept> handlers_ = {}; // sd-bus keeps plain pointers to them
};

// Whether systemd is PID 1 of this host (sd_booted(3)).
bool is_systemd_booted() noexcept;

// Tells the service manager, if it asked to be told (sd_notify(3)). Never fails: nobody else may be
// listening.
void notify_manager(const std::string& state) noexcept;

} // namespace rkt
