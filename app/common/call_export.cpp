// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/common/asking.h"
#include "app/common/call_commands.h"
#include "app/common/call_csv.h"
#include "app/common/data_folder.h"
#include "app/common/interrupts.h"
#include "app/common/progress_line.h"
#include "gateway/config/duration.h"
#include "gateway/core/call_filter.h"
#include "gateway/storage/call_line.h"
#include "gateway/storage/call_log_reader.h"
#include "gateway/storage/keeping_all.h"
#include "gateway/storage/line_file.h"

#include <csignal>
#include <fmt/format.h>
#include <memory>
#include <utility>

namespace app {

namespace {

using gateway::ErrorCode;
using gateway::Result;
using gateway::WallTime;
namespace fs = std::filesystem;
namespace storage = gateway::storage;

/// Where lines go: a file, or stdout.
class Target
{
public:
    virtual ~Target() = default;
    virtual Result<> add(std::string_view line) = 0;
    virtual Result<> commit() = 0;
};

class FileTarget final : public Target
{
public:
    explicit FileTarget(std::unique_ptr<storage::LineFile> file) : m_file(std::move(file)) {}
    Result<> add(std::string_view line) override { return m_file->add(line); }
    Result<> commit() override { return m_file->commit(); }

private:
    std::unique_ptr<storage::LineFile> m_file;
};

class StreamTarget final : public Target
{
public:
    explicit StreamTarget(std::ostream &out) : m_out(out) {}
    Result<> add(std::string_view line) override
    {
        m_out << line << '\n';
        return m_out ? Result<> {} : gateway::fail(ErrorCode::Io, "Whoever reads the lines takes no more.");
    }
    Result<> commit() override
    {
        m_out.flush();
        return m_out ? Result<> {} : gateway::fail(ErrorCode::Io, "Whoever reads the lines takes no more.");
    }

private:
    std::ostream &m_out;
};

Result<std::unique_ptr<Target>> makeTarget(const Invocation &invocation, std::ostream &out)
{
    if (invocation.file == "-")
        return std::make_unique<StreamTarget>(out);
    auto file = storage::LineFile::create(invocation.file, storage::packingOf(invocation.file), invocation.force ? storage::LineFile::Existing::Replace : storage::LineFile::Existing::Keep);
    if (file)
        return std::make_unique<FileTarget>(std::move(*file));
    if (file.error().code == ErrorCode::Conflict)
        file.error().message += " Give another name, or --force to put this in its place.";
    return std::unexpected(file.error());
}

/// The log of a data folder, whoever else works with it.
struct Log
{
    std::optional<DataFolder> folder;                  ///< held where nobody did
    std::unique_ptr<storage::CallLogReader> reader;
};

Result<Log> openLog(const Invocation &invocation)
{
    const auto path = folderOf(invocation);
    if (!path)
        return std::unexpected(path.error());
    const std::string calls = (*path / "calls.db").string();
    std::error_code error;
    if (!fs::exists(calls, error))
        return gateway::fail(ErrorCode::NotFound, fmt::format("There is no call log in {}.", path->string()));
    Log log;
    if (!DataFolder::holder(*path)) {
        auto folder = DataFolder::open(*path);
        if (!folder)
            return std::unexpected(folder.error());
        log.folder.emplace(std::move(*folder));
        const gateway::SystemClock clock; // a log of a former version is brought to this one's form, as a start would do
        const auto writer = storage::CallLogWriter::open({.path = calls, .backupFolder = (*path / "backups").string(), .settings = storage::keepingAll()}, clock);
        if (!writer)
            return std::unexpected(writer.error());
    }
    auto reader = storage::CallLogReader::open(calls);
    if (!reader)
        return std::unexpected(reader.error());
    log.reader = std::move(*reader);
    return log;
}

/// A date, or how long ago. Checked already.
WallTime whenOf(const std::string &text, WallTime otherwise, WallTime now)
{
    if (text.empty())
        return otherwise;
    if (const auto age = gateway::config::parseDuration(text))
        return now - *age;
    return gateway::config::parseDate(text).value_or(otherwise);
}

Result<std::uint64_t> write(const Invocation &invocation, storage::CallLogReader &log, const gateway::CallFilter &filter, Target &target, ProgressLine &progress)
{
    const bool csv = invocation.callFormat == "csv";
    const WallTime now = gateway::SystemClock().wallNow();
    const gateway::TimeRange range {.from = whenOf(invocation.from, WallTime {}, now), .to = whenOf(invocation.to, now, now)};
    const Interrupts interrupts;
    if (csv) {
        if (auto added = target.add(csvHead(invocation.bodies)); !added)
            return std::unexpected(added.error());
    }
    std::uint64_t calls = 0;
    const auto take = [&](const gateway::CallDetail &call) -> Result<> {
        ++calls;
        if (interrupts.asked())
            return gateway::fail(ErrorCode::Cancelled, "Ended before it was done.");
        return target.add(csv ? csvLine(call.record, invocation.bodies) : storage::callLine(call.record, invocation.bodies));
    };
    const auto told = [&](double share) -> Result<> {
        constexpr double parts = 10'000;
        progress.at(static_cast<std::uint64_t>(share * parts), static_cast<std::uint64_t>(parts));
        return interrupts.asked() ? Result<>(gateway::fail(ErrorCode::Cancelled, "Ended before it was done.")) : Result<> {};
    };
    if (auto done = log.eachCall(range, filter, invocation.bodies, take, told); !done)
        return std::unexpected(done.error());
    if (auto committed = target.commit(); !committed)
        return std::unexpected(committed.error());
    return calls;
}

int failed(const gateway::Error &error, std::ostream &err)
{
    err << error.message << '\n';
    return exits::failed;
}

} // namespace

int exportCalls(const Invocation &invocation, std::ostream &out, std::ostream &err)
{
    const auto filter = gateway::CallFilter::parse(invocation.filter);
    if (!filter) {
        err << fmt::format("--filter: {}\n", filter.error().message);
        return exits::usage;
    }
    const auto log = openLog(invocation);
    if (!log)
        return failed(log.error(), err);
    const auto target = makeTarget(invocation, out);
    if (!target)
        return failed(target.error(), err);
    std::signal(SIGPIPE, SIG_IGN); // NOLINT: whoever reads stdout may have enough; it is told as an error
    std::optional<ProgressLine> progress(std::in_place, err, "Export");
    const auto calls = write(invocation, *log->reader, *filter, **target, *progress);
    progress.reset();
    if (!calls)
        return failed(calls.error(), err);
    err << fmt::format("{} call{} exported.\n", *calls, *calls == 1 ? "" : "s");
    return exits::fine;
}

} // namespace app
