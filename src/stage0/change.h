// SPDX-License-Identifier: Apache-2.0
//
// Apps that come to a mutable pod and leave it.
//
// An app is the pod's from the moment when PodLayout::apps() has its line, and no more from the moment when
// it has not. All else is made before the line is written, and removed after it is. What a killed rkt left
// half done is therefore known by its entry in the manifest without a line, and goes when the pod is changed
// next. Who changes a pod holds a lock of its own beside the pod's, which is held by who runs the pod.

#pragma once

#include "pod/pods.h"
#include "stage0/compose.h"
#include "store/store.h"

#include <filesystem>
#include <string>

namespace rkt {

// Puts an app into a running pod; it is not started. `renderer` is asked as stack_of() does. Throws Error,
// and leaves the pod as it was, if the pod does not run or cannot be changed, or if the app cannot be run in
// it.
void add_app(const Pods& pods, Store store, const Pod& pod, const AppRequest& app, const PodOptions& options,
             const std::filesystem::path& renderer);

// Stops an app and removes it with all that it has written; in a pod that has exited what it left. Throws
// Error if the pod cannot be changed or has no such app.
void remove_app(const Pods& pods, const std::filesystem::path& data_dir, const Pod& pod,
                const std::string& app);

// Throws Error unless apps can come to the pod and leave it.
void check_changeable(const Pod& pod);

} // namespace rkt
