// SPDX-License-Identifier: Apache-2.0

#include "stage1-systemd/outside/account.h"

#include "base/error.h"
#include "base/text.h"
#include "os/file.h"

#include <functional>
#include <optional>
#include <set>

#include <fcntl.h>
#include <sys/stat.h>

namespace rkt {

namespace {

// The largest number is none: chown(2) and setuid(2) take it for "no change".
constexpr std::uint64_t largest_id = 0xfffffffe;

using Fields = std::vector<std::string_view>;

// The two kinds of entries are alike where we read them: name, password, id.
enum Field : std::size_t { Name, Password, Id, PasswdGid, Gecos, Home, Shell };

// What differs between users and groups.
struct Kind {
    std::string_view word;
    const char* file;
    uid_t (*owner)(const struct stat& status);
};

constexpr Kind users = {"user", "/etc/passwd", [](const struct stat& status) { return status.st_uid; }};
constexpr Kind groups = {"group", "/etc/group", [](const struct stat& status) { return status.st_gid; }};

std::optional<uid_t> parse_id(std::string_view text) {
    auto number = parse_number(text);
    if (!number || *number > largest_id)
        return std::nullopt;
    return static_cast<uid_t>(*number);
}

std::string read_accounts(const Dir& root, const char* file) {
    std::optional<Fd> fd = root.open_beneath(file, O_RDONLY | O_NONBLOCK);
    return fd ? read_rest(fd->get(), root.path() / (file + 1)) : "";
}

// The first entry of which the test is true; its fields refer to the text.
std::optional<Fields> find_entry(std::string_view text, const std::function<bool(const Fields&)>& test) {
    for (std::string_view line : split(text, '\n')) {
        Fields fields = split(line, ':');
        if (fields.size() > Id && parse_id(fields[Id]) && test(fields))
            return fields;
    }
    return std::nullopt;
}

uid_t owner_of(const AccountRoot& root, const Kind& kind, const std::string& path) {
    std::optional<Fd> fd = root.dir.open_beneath(path, O_PATH);
    struct stat status = {};
    if (!fd)
        throw Error("finding the {} {}: the image has no such file", kind.word, path);
    if (::fstat(fd->get(), &status) < 0)
        throw SystemError(errno, "finding the {} {}", kind.word, path);
    uid_t owner = kind.owner(status);
    if (owner < root.shift)
        throw Error("finding the {} {}: its owner is none of the pod's", kind.word, path);
    return owner - root.shift;
}

uid_t resolve(const AccountRoot& root, const Kind& kind, const std::string& word) {
    if (word.starts_with('/'))
        return owner_of(root, kind, word);
    std::string accounts = read_accounts(root.dir, kind.file);
    if (auto entry = find_entry(accounts, [&](const Fields& fields) { return fields[Name] == word; }))
        return *parse_id((*entry)[Id]);
    if (auto number = parse_id(word))
        return *number;
    if (word == "root")
        return 0;
    throw Error("finding the {} {}: it is not in the image's {}", kind.word, word, kind.file);
}

std::optional<Fields> find_user(std::string_view accounts, uid_t uid) {
    return find_entry(accounts, [uid](const Fields& fields) { return parse_id(fields[Id]) == uid; });
}

void describe(Account& account, const std::string& accounts) {
    auto entry = find_user(accounts, account.uid);
    if (account.is_root())
        account = {.uid = 0,
                   .gid = account.gid,
                   .supplementary = account.supplementary,
                   .name = "root",
                   .home = "/root"};
    if (!entry)
        return;
    account.name = (*entry)[Name];
    if (entry->size() > Home && !(*entry)[Home].empty())
        account.home = (*entry)[Home];
    if (entry->size() > Shell && !(*entry)[Shell].empty())
        account.shell = (*entry)[Shell];
}

// Lines for the numbers that the text has no entry for; `format` has a hole for each number.
std::string lines_for(std::string_view text, const std::set<uid_t>& ids,
                      const std::function<std::string(uid_t)>& line) {
    std::string lines;
    for (uid_t id : ids)
        if (!find_entry(text, [&](const Fields& fields) { return parse_id(fields[Id]) == id; }))
            lines += line(id);
    return lines;
}

} // namespace

Account resolve_account(const AccountRoot& root, const std::string& user, const std::string& group,
                        std::vector<gid_t> supplementary) {
    Account account = {.uid = resolve(root, users, user),
                       .gid = resolve(root, groups, group),
                       .supplementary = std::move(supplementary)};
    describe(account, read_accounts(root.dir, users.file));
    return account;
}

Account resolve_user(const AccountRoot& root, const std::string& user, gid_t group) {
    Account account = {.uid = resolve(root, users, user), .gid = group};
    std::string accounts = read_accounts(root.dir, users.file);
    auto entry = find_user(accounts, account.uid);
    if (entry && entry->size() > PasswdGid)
        account.gid = parse_id((*entry)[PasswdGid]).value_or(group);
    else if (account.is_root())
        account.gid = 0;
    describe(account, accounts);
    return account;
}

std::string passwd_lines(std::string_view passwd, std::span<const Account> accounts) {
    std::set<uid_t> ids;
    for (const Account& account : accounts)
        ids.insert(account.uid);
    return lines_for(passwd, ids,
                     [](uid_t id) { return fmt::format("user{0}:x:{0}:65534::/:/bin/sh\n", id); });
}

std::string group_lines(std::string_view group, std::span<const Account> accounts) {
    std::set<gid_t> ids;
    for (const Account& account : accounts) {
        ids.insert(account.gid);
        ids.insert(account.supplementary.begin(), account.supplementary.end());
    }
    return lines_for(group, ids, [](gid_t id) { return fmt::format("group{0}:x:{0}:\n", id); });
}

} // namespace rkt
