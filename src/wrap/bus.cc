// SPDX-License-Identifier: Apache-2.0

#include "wrap/bus.h"

#include "base/error.h"
#include "base/log.h"

#include <systemd/sd-bus.h>
#include <systemd/sd-daemon.h>

namespace rkt {

namespace {

void must(int r, std::string_view doing) {
    if (r < 0)
        throw SystemError(-r, "{}", doing);
}

struct BusFault {
    sd_bus_error error = {nullptr, nullptr, 0};
    ~BusFault() { sd_bus_error_free(&error); }

    [[noreturn]] void fail(int r, std::string_view doing) const {
        if (error.message != nullptr)
            throw Error("{}: {}", doing, error.message);
        throw SystemError(-r, "{}", doing);
    }
};

using Handler = std::function<void(BusMessage)>;

// sd-bus calls back from C, where nothing may be thrown: what a handler throws is told and the bus goes on.
void run_handler(const Handler& handler, sd_bus_message* message) noexcept {
    try {
        handler(BusMessage(message));
    } catch (const std::exception& e) {
        write_log("", e.what());
    }
}

int call_kept(sd_bus_message* message, void* data, sd_bus_error*) noexcept {
    run_handler(*static_cast<Handler*>(data), message);
    return 0;
}

void delete_handler(void* data) noexcept {
    delete static_cast<Handler*>(data);
}

} // namespace

void close_bus(sd_bus* bus) noexcept {
    sd_bus_flush_close_unref(bus);
}

void drop_message(sd_bus_message* message) noexcept {
    sd_bus_message_unref(message);
}

BusMessage::BusMessage(sd_bus_message* message) noexcept : message_(sd_bus_message_ref(message)) {}

std::optional<std::string> BusMessage::error() const {
    const sd_bus_error* error = sd_bus_message_get_error(message_.get());
    if (error == nullptr)
        return std::nullopt;
    return error->message != nullptr ? error->message : error->name;
}

std::string BusMessage::text() {
    char type = 0;
    must(sd_bus_message_peek_type(message_.get(), &type, nullptr), "reading a bus message");
    const char* value = nullptr;
    must(sd_bus_message_read_basic(message_.get(), type == 'o' ? 'o' : 's', &value), "reading a bus message");
    return value != nullptr ? value : "";
}

std::uint32_t BusMessage::number() {
    std::uint32_t value = 0;
    must(sd_bus_message_read_basic(message_.get(), 'u', &value), "reading a bus message");
    return value;
}

BusCall::BusCall(sd_bus* bus, sd_bus_message* message, std::string method)
    : bus_(bus), message_(message), method_(std::move(method)) {}

void BusCall::check(int r) const {
    if (r < 0)
        throw SystemError(-r, "putting together the bus call {}", method_);
}

BusCall& BusCall::add(const std::string& value) {
    check(sd_bus_message_append_basic(message_.get(), 's', value.c_str()));
    return *this;
}

BusCall& BusCall::add(std::uint32_t value) {
    check(sd_bus_message_append_basic(message_.get(), 'u', &value));
    return *this;
}

BusCall& BusCall::add(bool value) {
    int flag = value ? 1 : 0;
    check(sd_bus_message_append_basic(message_.get(), 'b', &flag));
    return *this;
}

BusCall& BusCall::add(std::span<const std::uint8_t> bytes) {
    check(sd_bus_message_append_array(message_.get(), 'y', bytes.data(), bytes.size()));
    return *this;
}

BusCall& BusCall::add_numbers(std::span<const std::int32_t> values) {
    check(sd_bus_message_append_array(message_.get(), 'i', values.data(), values.size_bytes()));
    return *this;
}

BusCall& BusCall::open(char type, const char* contents) {
    check(sd_bus_message_open_container(message_.get(), type, contents));
    return *this;
}

BusCall& BusCall::close() {
    check(sd_bus_message_close_container(message_.get()));
    return *this;
}

BusCall& BusCall::property(const char* name, const std::string& value) {
    return open('r', "sv").add(name).open('v', "s").add(value).close().close();
}

BusCall& BusCall::property(const char* name, bool value) {
    return open('r', "sv").add(name).open('v', "b").add(value).close().close();
}

BusCall& BusCall::property_number(const char* name, std::uint64_t value) {
    open('r', "sv").add(name).open('v', "t");
    check(sd_bus_message_append_basic(message_.get(), 't', &value));
    return close().close();
}

BusMessage BusCall::send() {
    BusFault fault;
    sd_bus_message* reply = nullptr;
    int r = sd_bus_call(bus_, message_.get(), 0, &fault.error, &reply);
    if (r < 0)
        fault.fail(r, method_);
    Handle<sd_bus_message, drop_message> owned(reply);
    return BusMessage(reply);
}

void BusCall::send(Handler handler) {
    auto kept = std::make_unique<Handler>(std::move(handler));
    sd_bus_slot* slot = nullptr;
    check(sd_bus_call_async(bus_, &slot, message_.get(), call_kept, kept.get(), 0));
    // The handler goes with the slot: after the answer, or with the bus.
    sd_bus_slot_set_destroy_callback(slot, delete_handler);
    static_cast<void>(kept.release());
    sd_bus_slot_set_floating(slot, 1);
    sd_bus_slot_unref(slot);
    sd_bus_flush(bus_);
}

Bus Bus::open_system() {
    sd_bus* bus = nullptr;
    must(sd_bus_open_system(&bus), "connecting to the system bus");
    return Bus(bus);
}

BusCall Bus::call(const BusObject& object, const char* method) {
    sd_bus_message* message = nullptr;
    must(sd_bus_message_new_method_call(bus_.get(), &message, object.service, object.path, object.interface,
                                        method),
         "making a bus call");
    return BusCall(bus_.get(), message, method);
}

void Bus::on_signal(const BusObject& object, const char* member, std::function<void(BusMessage)> handler) {
    handlers_.push_back(std::make_unique<Handler>(std::move(handler)));
    // Asynchronous: the bus handles the match before any call that is sent after it.
    must(sd_bus_match_signal_async(bus_.get(), nullptr, object.service, object.path, object.interface, member,
                                   call_kept, nullptr, handlers_.back().get()),
         "asking for a bus signal");
}

std::string Bus::unique_name() {
    const char* name = nullptr;
    must(sd_bus_get_unique_name(bus_.get(), &name), "asking for the own bus name");
    return name;
}

int Bus::fd() const {
    return sd_bus_get_fd(bus_.get());
}

void Bus::process() {
    for (;;) {
        int r = sd_bus_process(bus_.get(), nullptr);
        must(r, "reading from the bus");
        if (r == 0)
            return;
    }
}

void Bus::process_until(const std::function<bool()>& condition) {
    constexpr std::uint64_t forever = UINT64_MAX;
    process();
    while (!condition()) {
        must(sd_bus_wait(bus_.get(), forever), "waiting for the bus");
        process();
    }
}

bool is_systemd_booted() noexcept {
    return sd_booted() > 0;
}

void notify_manager(const std::string& state) noexcept {
    sd_notify(0, state.c_str());
}

} // namespace rkt
