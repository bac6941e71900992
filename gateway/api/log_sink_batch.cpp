// SPDX-License-Identifier: GPL-3.0-or-later
#include "gateway/api/log_sink_batch.h"

#include "gateway/storage/call_line.h"
#include "gateway/storage/call_log_reader.h"
#include "gateway/storage/line_packer.h"

#include <algorithm>
#include <chrono>
#include <cerrno>
#include <cstring>
#include <fcntl.h>
#include <filesystem>
#include <fmt/format.h>
#include <sys/stat.h>
#include <unistd.h>

namespace gateway::api {

namespace {

namespace fs = std::filesystem;

constexpr int rowsAQuestion = 256;
constexpr mode_t ownerFile = 0600;

std::string nameOf(WallTime start, std::string_view instance, std::uint64_t row)
{
    const auto seconds = std::chrono::floor<std::chrono::seconds>(start);
    const auto day = std::chrono::floor<std::chrono::days>(seconds);
    const std::chrono::year_month_day date(day);
    const std::chrono::hh_mm_ss time(seconds - day);
    return fmt::format("{:04}/{:02}/{:02}/calls-{:02}{:02}{:02}-{}-{}.jsonl.zst", static_cast<int>(date.year()), static_cast<unsigned>(date.month()), static_cast<unsigned>(date.day()),
                       time.hours().count(), time.minutes().count(), time.seconds().count(), instance, row);
}

std::unexpected<Error> failed(const std::string &path, int error)
{
    return fail(ErrorCode::Io, fmt::format("{} cannot be written: {}", path, std::strerror(error))); // NOLINT: glibc's is thread-safe
}

Result<> writeAll(int file, std::string_view bytes, const std::string &path)
{
    while (!bytes.empty()) {
        const ssize_t written = ::write(file, bytes.data(), bytes.size());
        if (written < 0 && errno != EINTR)
            return failed(path, errno);
        bytes.remove_prefix(static_cast<std::size_t>(std::max<ssize_t>(written, 0)));
    }
    return ::fsync(file) == 0 ? Result<> {} : Result<>(failed(path, errno));
}

} // namespace

Result<LogSinkBatch> logSinkBatch(storage::CallLogReader &log, std::uint64_t place, bool bodies, std::string_view instance, LogSinkBounds bounds)
{
    const auto last = log.lastRow();
    const auto first = last ? log.firstRow() : Result<std::optional<std::uint64_t>>(std::unexpected(last.error()));
    if (!first)
        return std::unexpected(first.error());
    LogSinkBatch batch {.upTo = place > *last ? 0 : place};
    const std::uint64_t firstKept = first->value_or(*last + 1);
    if (firstKept > batch.upTo + 1) {
        batch.missed = firstKept - batch.upTo - 1;
        batch.upTo = firstKept - 1;
    }
    storage::LinePacker packer(storage::Packing::Zstd);
    std::size_t bytes = 0;
    while (true) {
        const auto calls = log.storedAfter(batch.upTo, rowsAQuestion, bodies);
        if (!calls)
            return std::unexpected(calls.error());
        if (calls->empty()) {
            batch.upTo = std::max(batch.upTo, *last); // those between are of another origin, or gone
            break;
        }
        for (const storage::StoredCall &call : *calls) {
            if (batch.calls == 0)
                batch.name = nameOf(call.record.startedAt, instance, call.row);
            const std::string line = storage::callLine(call.record, bodies) + '\n';
            if (auto added = packer.add(line, batch.bytes); !added)
                return std::unexpected(added.error());
            bytes += line.size();
            ++batch.calls;
            batch.upTo = call.row;
            batch.more = batch.calls >= static_cast<std::uint64_t>(bounds.calls) || bytes >= bounds.bytes;
            if (batch.more)
                break;
        }
        if (batch.more)
            break;
    }
    if (batch.calls == 0)
        return batch;
    if (auto finished = packer.finish(batch.bytes); !finished)
        return std::unexpected(finished.error());
    return batch;
}

Result<> writeToFolder(const std::string &folder, const LogSinkBatch &batch)
{
    const std::string path = folder + '/' + batch.name, temporary = path + ".part";
    std::error_code error;
    if (!fs::is_directory(folder, error)) // a folder that is not there may be a disk that is not mounted: then nothing is to be written below it
        return fail(ErrorCode::Io, fmt::format("{} is no folder; make it, or mount what it is on", folder));
    fs::create_directories(fs::path(path).parent_path(), error);
    if (error)
        return fail(ErrorCode::Io, fmt::format("{} cannot be made: {}", fs::path(path).parent_path().string(), error.message()));
    const int file = ::open(temporary.c_str(), O_WRONLY | O_CREAT | O_TRUNC | O_NOFOLLOW | O_CLOEXEC, ownerFile);
    if (file < 0)
        return failed(path, errno);
    auto written = writeAll(file, batch.bytes, path);
    if (::close(file) != 0 && written)
        written = failed(path, errno);
    if (written && ::rename(temporary.c_str(), path.c_str()) != 0)
        written = failed(path, errno);
    if (!written)
        ::unlink(temporary.c_str());
    return written;
}

} // namespace gateway::api
