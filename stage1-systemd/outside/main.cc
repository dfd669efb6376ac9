// SPDX-License-Identifier: Apache-2.0
//
// The entry points run, enter, stop, gc and those for one app: one program with many names.

#include "base/error.h"
#include "base/log.h"
#include "os/umask.h"
#include "stage1-systemd/outside/entry-points.h"

#include <filesystem>
#include <string>

namespace {

struct EntryPoint {
    const char* name;
    int (*call)(const rkt::Arguments&);
};

constexpr EntryPoint entry_points[] = {{"run", rkt::run},
                                       {"enter", rkt::enter},
                                       {"stop", rkt::stop},
                                       {"gc", rkt::collect},
                                       {"app-add", rkt::add_app},
                                       {"app-rm", rkt::remove_app},
                                       {"app-start", rkt::start_app},
                                       {"app-stop", rkt::stop_app},
                                       {"app-restart", rkt::restart_app},
                                       {"app-show", rkt::show_apps}};

int call(const std::string& name, const rkt::Arguments& words) {
    for (const EntryPoint& entry : entry_points)
        if (name == entry.name)
            return entry.call(words);
    throw rkt::UsageError("{} is no entry point", name);
}

} // namespace

int main(int argc, char* argv[]) {
    std::string name = argc > 0 ? std::filesystem::path(argv[0]).filename() : "";
    rkt::name_log(name);
    rkt::take_usual_umask(); // the pod's users have to read what is made for them
    try {
        return call(name, {argv + 1, argv + argc});
    } catch (const std::exception& error) {
        rkt::write_log("", error.what());
        return 254;
    }
}
