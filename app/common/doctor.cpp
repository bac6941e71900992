// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/common/doctor.h"

#include "gateway/api/cache_tools.h"
#include "gateway/api/full_text.h"
#include "gateway/config/check.h"
#include "gateway/config/duration.h"
#include "gateway/storage/key_source.h"

#include <QHostAddress>
#include <QTcpServer>
#include <QTimer>

#include <algorithm>
#include <cstring>
#include <fmt/format.h>
#include <sys/stat.h>
#include <sys/statvfs.h>
#include <sys/timex.h>
#include <unistd.h>

namespace app {

namespace {

namespace api = gateway::api;
namespace config = gateway::config;

Finding checkPort(const api::Gateway &gateway, const std::string &listen)
{
    const api::ListenerState listener = gateway.listener();
    if (listener.up)
        return {"port", true, fmt::format("Listening on {}.", listener.address)};
    if (!listener.problem.empty())
        return {"port", false, listener.problem};
    return checkFreePort(listen.empty() ? gateway.config()->gateway.listen : listen);
}

Finding checkStore(const api::Gateway &gateway)
{
    const gateway::StoreState store = gateway.store();
    if (!store.healthy)
        return {"database", false, store.problem};
    return {"database", true, fmt::format("Writable; {} waiting, {} given up since the start.", store.waiting, store.dropped)};
}

Finding checkCache(const api::CacheTools &cache)
{
    const api::CacheState state = cache.state();
    if (!state.problem.empty())
        return {"cache", false, state.problem};
    return {"cache", true, fmt::format("{} answers kept, {:.1f} MB; {} hits since the start.", state.entries, static_cast<double>(state.bytes) / (1024.0 * 1024), state.hits + state.semanticHits)};
}

Finding checkFullText(const api::TextIndexState &state)
{
    if (!state.problem.empty())
        return {"full text", false, state.problem};
    return {"full text", true, fmt::format("{} calls, {:.1f} MB, {:.0f} % done; backups leave it out, and it is made again from the log.", state.calls, static_cast<double>(state.bytes) / (1024.0 * 1024), state.done * 100)};
}

Finding fromReport(const std::string &what, const gateway::Result<api::ProbeReport> &report)
{
    if (!report)
        return {what, false, report.error().message};
    for (const api::ProbeStep &step : report->steps) {
        if (step.state == api::ProbeStep::State::Failed)
            return {what, false, step.detail.empty() ? step.headline : fmt::format("{}: {}", step.headline, step.detail)};
    }
    return {what, true, fmt::format("Answers; tested in {} ms.", std::chrono::duration_cast<std::chrono::milliseconds>(report->took).count())};
}

} // namespace

Doctor::Doctor(api::Gateway &gateway, std::string listen, QObject *parent) : QObject(parent), m_gateway(gateway), m_listen(std::move(listen)) {}

void Doctor::run(std::function<void(const std::vector<Finding> &)> done)
{
    m_done = std::move(done);
    m_findings.push_back(checkPort(m_gateway, m_listen));
    m_findings.push_back(checkStore(m_gateway));
    if (const api::CacheTools *cache = m_gateway.cacheTools())
        m_findings.push_back(checkCache(*cache));
    if (const api::FullText *fullText = api::FullText::of(m_gateway); fullText != nullptr && fullText->state().on)
        m_findings.push_back(checkFullText(fullText->state()));
    checkAudit();
}

void Doctor::checkAudit()
{
    m_gateway.checkAudit(this, [this](const gateway::Result<gateway::AuditCheck> &check) {
        m_findings.push_back(check ? Finding {"audit log", check->intact, check->words} : Finding {"audit log", false, check.error().message});
        testProviders();
    });
}

void Doctor::testProviders()
{
    const api::ConfigPtr now = m_gateway.config();
    std::vector<const config::Provider *> tested;
    for (const config::Provider &provider : now->providers) {
        if (provider.enabled)
            tested.push_back(&provider);
    }
    const std::size_t first = m_findings.size();
    m_waiting = tested.size();
    for (std::size_t i = 0; i < tested.size(); ++i) {
        m_findings.push_back({"provider " + tested[i]->name, false, {}});
        const std::string credential = tested[i]->credentials.empty() ? std::string() : tested[i]->credentials.front().name;
        const std::string model = tested[i]->models.empty() ? std::string() : tested[i]->models.front().id;
        m_gateway.testProvider(*tested[i], credential, model, this, [](const api::ProbeStep &) {},
                               [this, place = first + i](const gateway::Result<api::ProbeReport> &report) {
                                   m_findings[place] = fromReport(m_findings[place].what, report);
                                   if (--m_waiting == 0)
                                       finish();
                               });
    }
    if (tested.empty()) {
        m_findings.push_back({"providers", true, "None is configured yet."});
        QTimer::singleShot(0, this, &Doctor::finish);
    }
}

void Doctor::finish()
{
    const auto done = std::exchange(m_done, nullptr);
    done(m_findings);
}

Finding checkFolder(const std::filesystem::path &folder)
{
    const std::string name = folder.string();
    struct stat state {};
    if (::stat(folder.c_str(), &state) != 0)
        return {"data folder", false, fmt::format("{} is not there; the first start makes it.", name)};
    if ((state.st_mode & 077) != 0)
        return {"data folder", false, fmt::format("{} is open to other users; close it: chmod 700 {}", name, name)};
    if (::access(folder.c_str(), R_OK | W_OK | X_OK) != 0)
        return {"data folder", false, fmt::format("{} cannot be written: {}.", name, std::strerror(errno))};
    struct statvfs disk {};
    if (::statvfs(folder.c_str(), &disk) != 0)
        return {"data folder", false, fmt::format("{}: its disk cannot be asked: {}.", name, std::strerror(errno))};
    constexpr std::uint64_t least = 256ULL * 1024 * 1024;
    const std::uint64_t room = static_cast<std::uint64_t>(disk.f_bavail) * disk.f_frsize;
    const std::string size = fmt::format("{:.1f} GB", static_cast<double>(room) / (1024.0 * 1024 * 1024));
    if (room < least)
        return {"data folder", false, fmt::format("{}: only {} are left on its disk; make room.", name, size)};
    return {"data folder", true, fmt::format("{}, {} free.", name, size)};
}

Finding checkFreePort(const std::string &listen)
{
    const auto address = config::parseListen(listen);
    if (!address)
        return {"port", false, fmt::format("{} is not an address and port.", listen)};
    QTcpServer probe;
    const QHostAddress host = address->host.empty() ? QHostAddress(QHostAddress::Any) : QHostAddress(QString::fromStdString(address->host == "localhost" ? "127.0.0.1" : address->host));
    if (probe.listen(host, address->port))
        return {"port", true, fmt::format("{} is free; no gateway runs.", listen)};
    return {"port", false, fmt::format("{} cannot be listened on: {}. Choose another with gateway.listen or --listen.", listen, probe.errorString().toStdString())};
}

Finding checkClock()
{
    struct timex state {};
    const int result = ::adjtimex(&state); // only reads
    const auto now = std::chrono::floor<std::chrono::seconds>(std::chrono::system_clock::now());
    if (now < std::chrono::sys_days(std::chrono::year(2024) / 1 / 1))
        return {"clock", false, fmt::format("The clock says {}, which is past. Set it: keys and certificates end by it.", config::dateText(now))};
    if (result < 0) // a container or a service may be forbidden to ask
        return {"clock", true, fmt::format("{}; whether it is synchronised cannot be asked.", config::dateText(now))};
    const std::string words = result == TIME_ERROR || (state.status & STA_UNSYNC) != 0 ? "not known to be synchronised (no NTP, or a container)" : "synchronised";
    return {"clock", true, fmt::format("{}, {}.", config::dateText(now), words)};
}

Finding checkKeyring(const std::filesystem::path &folder, bool inUse)
{
    if (!inUse)
        return {"keyring", true, "Not used; the vault's key is vault.key in the data folder."};
    gateway::storage::KeyringKeySource keyring(folder.string(), std::chrono::seconds {5});
    const auto key = keyring.load();
    if (key || key.error().code == gateway::ErrorCode::NotFound)
        return {"keyring", true, key ? "It holds the vault's key." : "It answers; the vault's key is not in it yet."};
    return {"keyring", false, key.error().message};
}

} // namespace app
