// SPDX-License-Identifier: GPL-3.0-or-later
#include "gateway/api/provider_caller.h"

#include "gateway/api/control_thread.h"
#include "gateway/net/worker_pool.h"
#include "gateway/pipeline/token_source.h"

#include <QPointer>

#include <fmt/format.h>

#include <condition_variable>
#include <map>
#include <mutex>
#include <set>
#include <span>
#include <variant>

namespace gateway::api {

using pipeline::Task;

/// Added to on the control thread, taken from on the workers, which are also where a conversation is cancelled.
class ProviderCaller::Running
{
public:
    void add(pipeline::CancelSource &conversation, net::Worker *worker)
    {
        const std::lock_guard lock(m_mutex);
        m_all.emplace(&conversation, worker);
    }
    void remove(pipeline::CancelSource &conversation)
    {
        const std::lock_guard lock(m_mutex);
        m_all.erase(&conversation);
        if (m_all.empty())
            m_none.notify_all();
    }
    [[nodiscard]] std::set<net::Worker *> workers()
    {
        const std::lock_guard lock(m_mutex);
        std::set<net::Worker *> found;
        for (const auto &[conversation, worker] : m_all)
            found.insert(worker);
        return found;
    }
    void cancelOn(net::Worker *worker)
    {
        std::vector<pipeline::CancelSource *> here;
        {
            const std::lock_guard lock(m_mutex);
            for (const auto &[conversation, its] : m_all) {
                if (its == worker)
                    here.push_back(conversation);
            }
        }
        for (pipeline::CancelSource *conversation : here) // none goes meanwhile: whoever is cancelled goes on later
            conversation->cancel();
    }
    void awaitNone()
    {
        std::unique_lock lock(m_mutex);
        m_none.wait_for(lock, std::chrono::seconds {2}, [this] { return m_all.empty(); });
    }

private:
    std::mutex m_mutex;
    std::condition_variable m_none;
    std::map<pipeline::CancelSource *, net::Worker *> m_all; ///< guarded
};

namespace {

/// Where a worker leaves what it has: it runs on the control thread, as long as who asked is there.
struct Mailbox
{
    Mailbox(ControlThread &theControl, QObject *theContext, ProviderCaller::Done theDone, ProviderCaller::OnStep theOnStep)
        : control(theControl), context(theContext), done(std::move(theDone)), onStep(std::move(theOnStep))
    {
    }

    ControlThread &control;
    QPointer<QObject> context;
    ProviderCaller::Done done;
    ProviderCaller::OnStep onStep;

    static void post(const std::shared_ptr<Mailbox> &box, Result<ProviderCaller::Reply> reply)
    {
        box->control.post([box, reply = std::move(reply)]() mutable {
            if (box->context)
                box->done(std::move(reply));
        });
    }
    static void post(const std::shared_ptr<Mailbox> &box, DialStep step)
    {
        if (!box->onStep)
            return;
        box->control.post([box, step = std::move(step)] {
            if (box->context)
                box->onStep(step);
        });
    }
};

class Watch final : public pipeline::DialWatch
{
public:
    explicit Watch(std::shared_ptr<Mailbox> box) : m_box(std::move(box)) {}
    void resolved(const std::string &host, const std::vector<std::string> &addresses) override
    {
        Mailbox::post(m_box, DialStep {.kind = DialStep::Kind::Resolved, .host = host, .addresses = addresses, .port = 0, .protocol = {}, .until = {}});
    }
    void connected(const std::string &address, std::uint16_t port) override
    {
        Mailbox::post(m_box, DialStep {.kind = DialStep::Kind::Connected, .host = {}, .addresses = {address}, .port = port, .protocol = {}, .until = {}});
    }
    void secured(const std::string &protocol, std::optional<WallTime> until) override
    {
        Mailbox::post(m_box, DialStep {.kind = DialStep::Kind::Secured, .host = {}, .addresses = {}, .port = 0, .protocol = protocol, .until = until});
    }

private:
    std::shared_ptr<Mailbox> m_box;
};

/// All that one conversation needs, kept on the worker until it has ended.
struct Conversation
{
    Conversation(ProviderCaller::Question theQuestion, std::shared_ptr<Mailbox> theBox, std::shared_ptr<ProviderCaller::Running> theRunning, net::Worker *worker)
        : question(std::move(theQuestion)), box(std::move(theBox)), watch(box), running(std::move(theRunning))
    {
        running->add(cancel, worker);
    }
    ~Conversation() { running->remove(cancel); }
    Conversation(const Conversation &) = delete;
    Conversation &operator=(const Conversation &) = delete;

    ProviderCaller::Question question;
    std::shared_ptr<Mailbox> box;
    Watch watch;
    pipeline::CancelSource cancel;
    std::shared_ptr<ProviderCaller::Running> running;
};

/// The question's head with the proof of who asks. A token is asked for every time: whether it can be had is part of a test.
Task<Result<std::string>> provenHead(pipeline::Upstream &upstream, Conversation &all)
{
    const ProviderCaller::Question &question = all.question;
    std::string head = question.head;
    if (!question.credential || std::holds_alternative<std::monostate>(question.credential->proof))
        co_return head;
    const SystemClock clock;
    if (const auto *signer = std::get_if<providers::AwsSigner>(&question.credential->proof)) {
        const std::string_view body = question.body;
        providers::addLines(head, signer->lines(head, std::span(&body, 1), clock.wallNow()));
        co_return head;
    }
    const pipeline::UpstreamLimits limits {.connect = question.connect, .deadline = clock.steadyNow() + question.total};
    const Result<providers::AccessToken> token = co_await pipeline::askForToken(upstream, *question.credential, limits, clock.wallNow(), all.cancel);
    if (!token)
        co_return std::unexpected(token.error());
    providers::addLines(head, providers::bearerLine(token->value));
    co_return head;
}

Task<Result<ProviderCaller::Reply>> talk(pipeline::Upstream &upstream, Conversation &all)
{
    const ProviderCaller::Question &question = all.question;
    Result<std::string> head = co_await provenHead(upstream, all);
    if (!head)
        co_return std::unexpected(std::move(head.error()));
    pipeline::UpstreamRequest request;
    request.address = &question.address;
    request.head = *head;
    request.body = {question.body};
    request.limits.connect = question.connect;
    request.limits.idle = question.total;
    request.limits.deadline = std::chrono::steady_clock::now() + question.total;
    request.limits.maxBody = question.largest;
    if (question.fresh)
        request.watch = &all.watch;
    Result<std::unique_ptr<pipeline::UpstreamCall>> call = co_await upstream.start(std::move(request), all.cancel);
    if (!call)
        co_return std::unexpected(std::move(call.error()));
    const Result<bool> answered = co_await (*call)->readHead(pipeline::never);
    if (!answered)
        co_return std::unexpected(answered.error());
    ProviderCaller::Reply reply;
    reply.status = (*call)->head().status;
    for (;;) {
        Result<pipeline::UpstreamBytes> bytes = co_await (*call)->read(pipeline::never);
        if (!bytes && bytes.error().code == ErrorCode::AnswerTooLarge)
            co_return fail(ErrorCode::AnswerTooLarge,
                           fmt::format("The answer of {} (HTTP {}) is larger than {} MB and was not read on. Is the base URL that of an API?", question.address.host, reply.status,
                                       question.largest / (1024 * 1024)));
        if (!bytes)
            co_return std::unexpected(std::move(bytes.error()));
        if (bytes->kind == pipeline::UpstreamBytes::Kind::End)
            co_return std::move(reply);
        reply.body.append(bytes->data);
    }
}

Task<void> converse(net::Worker *worker, std::unique_ptr<Conversation> all)
{
    auto box = all->box;
    try {
        Result<ProviderCaller::Reply> reply = co_await talk(worker->upstream(), *all);
        Mailbox::post(box, std::move(reply));
    } catch (...) {
        Mailbox::post(box, fail(ErrorCode::Internal, "The question to the provider ended by an error of Signalbox itself."));
    }
    all.reset();
    // What it holds is the control thread's: the last to let go of it is there too.
    ControlThread &control = box->control;
    control.post([last = std::move(box)] {});
}

} // namespace

ProviderCaller::ProviderCaller(ControlThread &control, WorkerSource worker) : m_control(control), m_worker(std::move(worker)), m_running(std::make_shared<Running>()) {}

ProviderCaller::~ProviderCaller() = default;

void ProviderCaller::endAll()
{
    for (net::Worker *worker : m_running->workers()) // behind the jobs that begin conversations there
        worker->post([worker, running = m_running] { running->cancelOn(worker); });
    m_running->awaitNone();
}

void ProviderCaller::ask(Question question, QObject *context, Done done, OnStep onStep)
{
    net::Worker *worker = m_worker();
    if (!worker) {
        done(fail(ErrorCode::ShuttingDown, "Nothing was asked: the gateway is shutting down."));
        return;
    }
    auto all = std::make_unique<Conversation>(std::move(question), std::make_shared<Mailbox>(m_control, context, std::move(done), std::move(onStep)), m_running, worker);
    worker->post([worker, all = std::move(all)]() mutable {
        worker->start(converse(worker, std::move(all)));
    });
}

} // namespace gateway::api
