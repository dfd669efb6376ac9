// SPDX-License-Identifier: Apache-2.0
//
// The names the store has on disk: here and nowhere else.
//
//   images/ID/manifest     the image manifest, as it was in the image
//   images/ID/layers       the layers it is made of, one digest a line, uppermost first
//   images/ID/source       where it came from, and what lists of images show (JSON); its time of
//                          change is the image's last use
//   layers/DIGEST/rootfs/  a layer, unpacked
//   layers/DIGEST/archive  the file it was unpacked from, as it was, unless that is not kept
//   layers/DIGEST/implied  directories in it that the archive has no entry for, if any, a zero after each
//   trees/DIGEST/rootfs/   what had to be rendered from several layers; the directory's time is its last use
//   trees/DIGEST/images    the ids of the images it was rendered from, one a line
//   refs/DIGEST            what a URL, of which this is the SHA-256, stands for now (JSON)
//   pins/UUID              what a pod uses, or a process that locks the file: "image ID", "layer DIGEST" and
//                          "tree DIGEST", one a line
//   tmp/                   everything unfinished: one directory for each who works there, and for each
//   download
//                          that broke off
//
// layers/, trees/, pins/ and tmp/ are root's alone, because an image's setuid program is not the
// host's; what lists of images show may be read by group rkt, or by all where there is no such group.

#pragma once

#include <filesystem>

namespace rkt {

namespace store_layout {

inline constexpr const char* images = "images";
inline constexpr const char* layers = "layers";
inline constexpr const char* trees = "trees";
inline constexpr const char* refs = "refs";
inline constexpr const char* pins = "pins";
inline constexpr const char* tmp = "tmp";

inline constexpr const char* image_manifest = "manifest";
inline constexpr const char* image_layers = "layers";
inline constexpr const char* image_source = "source";

inline constexpr const char* layer_rootfs = "rootfs";
inline constexpr const char* layer_archive = "archive";
inline constexpr const char* layer_implied = "implied";

inline constexpr const char* tree_rootfs = "rootfs";
inline constexpr const char* tree_images = "images";

} // namespace store_layout

} // namespace rkt
