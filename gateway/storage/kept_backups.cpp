// SPDX-License-Identifier: GPL-3.0-or-later
#include "gateway/storage/kept_backups.h"

#include "gateway/storage/database_copy.h"

#include <QDateTime>

#include <algorithm>
#include <filesystem>
#include <functional>
#include <vector>

namespace gateway::storage {

namespace {

namespace fs = std::filesystem;

constexpr std::size_t stampSize = 18; // yyyyMMdd-HHmmsszzz

std::string stampOf(const fs::path &path)
{
    const std::string name = path.stem().string();
    return name.substr(name.size() - std::min(name.size(), stampSize));
}

} // namespace

std::string backupStamp()
{
    return QDateTime::currentDateTimeUtc().toString(QStringLiteral("yyyyMMdd-HHmmsszzz")).toStdString();
}

void keepNewest(const std::string &backupFolder, std::string_view prefix, std::size_t count)
{
    std::error_code error;
    std::vector<fs::path> found;
    for (const fs::directory_entry &entry : fs::directory_iterator(backupFolder, error)) {
        const std::string name = entry.path().stem().string();
        if (name.starts_with(prefix) && name.size() >= stampSize)
            found.push_back(entry.path());
    }
    std::ranges::sort(found, std::greater {}, stampOf);
    for (std::size_t i = count; i < found.size(); ++i)
        fs::remove_all(found[i], error);
}

void forgetPlainHeaders(const std::string &backupFolder)
{
    std::error_code error;
    for (const fs::directory_entry &entry : fs::directory_iterator(backupFolder, error)) {
        const std::string name = entry.path().filename().string();
        if (name.starts_with("signalbox-v1-") || name.starts_with("signalbox-v2-"))
            static_cast<void>(leaveHeadersOut(entry.path().string())); // the next start tries again
    }
}

} // namespace gateway::storage
