// SPDX-License-Identifier: Apache-2.0

#include "appc/volume.h"

#include "appc/test-document.h"

#include <doctest/doctest.h>

using namespace rkt;

TEST_CASE("POD-9 to POD-11, L15: volumes") {
    for (const auto& row : std::vector<Row>{
             {R"({"name": "a", "kind": "host", "source": "/srv/a"})", ""},
             {R"({"name": "a", "kind": "host", "source": "/", "readOnly": true, "recursive": false})", ""},
             {R"({"name": "a", "kind": "empty"})", ""},
             {R"({"name": "a", "kind": "empty", "mode": "1777", "uid": 0, "gid": 4294967294})", ""},
             {R"({"kind": "empty"})", "volumes[0].name: is missing"},
             {R"({"name": "a.b", "kind": "empty"})", "volumes[0].name: \"a.b\" is no name: small letters and "
                                                     "digits, with single hyphens between them"},
             {R"({"name": "a"})", "volumes[0].kind: is missing"},
             {R"({"name": "a", "kind": "tmpfs"})", "volumes[0].kind: \"tmpfs\" is neither empty nor host"},
             {R"({"name": "a", "kind": "host"})", "volumes[0].source: is missing"},
             {R"({"name": "a", "kind": "host", "source": ""})", "volumes[0].source: is empty"},
             {R"({"name": "a", "kind": "host", "source": "srv"})",
              "volumes[0].source: \"srv\" is not absolute"},
             {R"({"name": "a", "kind": "host", "source": "/srv/../etc"})",
              "volumes[0].source: \"/srv/../etc\" has a \"..\""},
             {R"({"name": "a", "kind": "host", "source": "/a", "mode": "0755"})",
              "volumes[0].mode: is only for a volume of the kind empty"},
             {R"({"name": "a", "kind": "host", "source": "/a", "uid": 0})",
              "volumes[0].uid: is only for a volume of the kind empty"},
             {R"({"name": "a", "kind": "host", "source": "/a", "gid": 1})",
              "volumes[0].gid: is only for a volume of the kind empty"},
             {R"({"name": "a", "kind": "empty", "source": "/a"})",
              "volumes[0].source: is only for a volume of the kind host"},
             {R"({"name": "a", "kind": "empty", "mode": 755})",
              "volumes[0].mode: an integer where a string belongs"},
             {R"({"name": "a", "kind": "empty", "mode": "0999"})",
              "volumes[0].mode: \"0999\" is no octal mode such as 0755"},
             {R"({"name": "a", "kind": "empty", "mode": ""})",
              "volumes[0].mode: \"\" is no octal mode such as 0755"},
             {R"({"name": "a", "kind": "empty", "mode": "10000"})",
              "volumes[0].mode: \"10000\" is no octal mode such as 0755"},
             {R"({"name": "a", "kind": "empty", "mode": "-755"})",
              "volumes[0].mode: \"-755\" is no octal mode such as 0755"},
             {R"({"name": "a", "kind": "empty", "uid": -1})",
              "volumes[0].uid: -1 is not between 0 and 4294967294"},
             {R"({"name": "a", "kind": "empty", "gid": 4294967295})",
              "volumes[0].gid: 4294967295 is not between 0 and 4294967294"},
             {R"({"name": "a", "kind": "empty"}, {"name": "a", "kind": "empty"})",
              "volumes: \"a\" is there twice"},
         }) {
        CAPTURE(row.members);
        std::string text = pod_with(R"("volumes": [)" + row.members + "]");
        CHECK(pod_faults(text) == row.told);
        if (row.told.empty())
            CHECK(PodManifest::parse(PodManifest::parse(text).str()) == PodManifest::parse(text));
    }
    CHECK(pod_warnings(pod_with(R"("volumes": [{"name": "a", "kind": "empty", "recursive": true}])")) ==
          "volumes[0].recursive: is ignored for a volume of the kind empty");
}

TEST_CASE("POD-10, POD-11: what a volume is when nothing else is said") {
    Volume host = Volume::parse("a,kind=host,source=/srv");
    CHECK_FALSE(host.read_only);
    CHECK(host.is_recursive());
    Volume empty = Volume::parse("a,kind=empty");
    CHECK(empty.mode == 0755);
    CHECK(empty.uid == 0);
    CHECK(empty.gid == 0);
}

TEST_CASE("POD-19: volumes on the command line") {
    struct {
        const char* text;
        const char* written;
    } good[] = {
        {"a,kind=host,source=/tmp", "a,kind=host,source=/tmp"},
        {"a,kind=host,source=/tmp,readOnly=false", "a,kind=host,source=/tmp"},
        {"a,source=/t=m%20p,kind=host,readOnly=true", "a,kind=host,source=/t=m%20p,readOnly=true"},
        {"a,kind=host,source=/tmp,readOnly=1", "a,kind=host,source=/tmp,readOnly=true"},
        {"a,kind=host,source=/tmp,recursive=false", "a,kind=host,source=/tmp,recursive=false"},
        {"a,kind=host,source=/tmp,recursive=true", "a,kind=host,source=/tmp,recursive=true"},
        {"a,kind=empty", "a,kind=empty"},
        {"a,kind=empty,mode=0755,uid=0,gid=0", "a,kind=empty"},
        {"a,kind=empty,readOnly=true", "a,kind=empty,readOnly=true"},
        {"a,kind=empty,mode=0777,uid=10,gid=20", "a,kind=empty,mode=0777,uid=10,gid=20"},
        {"a,kind=empty,mode=700", "a,kind=empty,mode=0700"},
    };
    for (const auto& row : good) {
        CAPTURE(row.text);
        CHECK(Volume::parse(row.text).str() == row.written);
        CHECK(Volume::parse(row.written) == Volume::parse(row.text));
    }
    for (auto bad :
         {"", "a", ",kind=empty", "a,kind=host", "a,kind=other", "a,kind=host,source=tmp",
          "a,kind=host,source=/tmp,", "a,kind=host,source=/tmp,mode=0755", "a,kind=empty,source=/tmp",
          "a,kind=empty,mode=rwx", "a,kind=empty,uid=x", "a,kind=empty,gid=-1", "a,kind=empty,readOnly=yes",
          "a,kind=empty,kind=empty", "a,kind=empty,color=red", "a,kind=empty,name=b", "a,kind",
          "a,kind=host,source=", "A,kind=empty"}) {
        CAPTURE(bad);
        CHECK_THROWS_AS(Volume::parse(bad), Error);
    }
    CHECK_THROWS_WITH_AS(Volume::parse("a,kind=host"),
                         "reading the volume \"a,kind=host\": source: is missing", Error);
}
