// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/panes/prompts/prompt_book.h"

#include "gateway/config/prompt_edit.h"

#include <QUndoCommand>

#include <algorithm>

using namespace Qt::StringLiterals;

namespace ui::prompts {

using gateway::config::Config;

namespace {

constexpr int checkAfterMs = 250; ///< typing is not checked letter by letter
constexpr std::string_view freshPrefix = "new:";

bool isFresh(const std::string &identity) { return identity.starts_with(freshPrefix); }

/// What a version says, without what is known of it.
PromptVersion said(PromptVersion version)
{
    version.version = 0;
    version.labels.clear();
    version.note.clear();
    version.author.clear();
    version.createdAt = {};
    return version;
}

} // namespace

bool saySame(const PromptVersion &one, const PromptVersion &other) { return said(one) == said(other); }

/// Whole versions before and after: they are small, and such an undo is exact by nature.
class PromptBook::Step final : public QUndoCommand
{
public:
    Step(PromptBook &book, std::string identity, const QString &text, State before, State after, const QString &merge)
        : QUndoCommand(text), m_book(book), m_identity(std::move(identity)), m_before(std::move(before)), m_after(std::move(after)), m_merge(merge)
    {
    }
    void undo() override { m_book.setState(m_identity, m_before); }
    void redo() override { m_book.setState(m_identity, m_after); }
    int id() const override { return m_merge.isEmpty() ? -1 : 1; }
    bool mergeWith(const QUndoCommand *later) override
    {
        const auto *step = static_cast<const Step *>(later);
        if (step->m_merge != m_merge)
            return false;
        m_after = step->m_after;
        return true;
    }

private:
    PromptBook &m_book;
    std::string m_identity;
    State m_before, m_after;
    QString m_merge;
};

PromptBook::PromptBook(gateway::api::Gateway &gateway, QObject *parent) : QObject(parent), m_gateway(gateway), m_config(gateway.config()), m_checkTimer(this)
{
    m_checkTimer.setSingleShot(true);
    m_checkTimer.setInterval(checkAfterMs);
    connect(&m_checkTimer, &QTimer::timeout, this, &PromptBook::check);
    connect(&m_gateway, &gateway::api::Gateway::configApplied, this, &PromptBook::onConfigApplied);
}

PromptBook::~PromptBook() = default;

std::string PromptBook::identityOf(const Prompt &prompt) { return prompt.id.empty() ? std::string(freshPrefix) + prompt.name : prompt.id; }

std::vector<const Prompt *> PromptBook::prompts() const
{
    std::vector<const Prompt *> all;
    for (const auto *list : {&m_config->prompts, &m_fresh})
        for (const Prompt &prompt : *list)
            all.push_back(&prompt);
    std::ranges::sort(all, [](const Prompt *one, const Prompt *other) { return std::tie(one->folder, one->name) < std::tie(other->folder, other->name); });
    return all;
}

const Prompt *PromptBook::find(const std::string &identity) const
{
    for (const auto *list : {&m_config->prompts, &m_fresh}) {
        const auto found = std::ranges::find(*list, identity, identityOf);
        if (found != list->end())
            return &*found;
    }
    return nullptr;
}

std::string PromptBook::byName(const std::string &name) const
{
    for (const auto *list : {&m_config->prompts, &m_fresh}) {
        const auto found = std::ranges::find(*list, name, &Prompt::name);
        if (found != list->end())
            return identityOf(*found);
    }
    return {};
}

PromptBook::Entry &PromptBook::entry(const std::string &identity)
{
    Entry &found = m_entries[identity];
    if (!found.stack)
        found.stack = std::make_unique<QUndoStack>();
    return found;
}

const PromptVersion *PromptBook::writing(const std::string &identity) const
{
    const auto found = m_entries.find(identity);
    return found != m_entries.end() && found->second.state.version ? &*found->second.state.version : nullptr;
}

std::int64_t PromptBook::writtenFrom(const std::string &identity) const
{
    const auto found = m_entries.find(identity);
    return found == m_entries.end() ? 0 : found->second.state.from;
}

std::int64_t PromptBook::nextNumber(const std::string &identity) const
{
    const Prompt *prompt = find(identity);
    std::int64_t latest = 0;
    for (std::size_t i = 0; prompt && i < prompt->versions.size(); ++i)
        latest = std::max(latest, prompt->versions[i].version);
    return latest + 1;
}

bool PromptBook::differs(const std::string &identity) const
{
    const PromptVersion *now = writing(identity);
    const Prompt *prompt = find(identity);
    if (!now || !prompt)
        return false;
    const auto from = std::ranges::find(prompt->versions, writtenFrom(identity), &PromptVersion::version);
    return from == prompt->versions.end() || !saySame(*from, *now);
}

void PromptBook::edit(const std::string &identity, std::int64_t from, const QString &text, const Change &change, const QString &merge)
{
    const Prompt *prompt = find(identity);
    if (!prompt || prompt->origin == gateway::config::Origin::File)
        return;
    Entry &its = entry(identity);
    State after = its.state;
    if (!after.version) {
        const auto begin = std::ranges::find(prompt->versions, from, &PromptVersion::version);
        after.version = begin == prompt->versions.end() ? PromptVersion {} : *begin;
        after.from = begin == prompt->versions.end() ? 0 : from;
        after.version->labels.clear();
        after.version->note.clear();
    }
    after.version->version = nextNumber(identity);
    const PromptVersion before = *after.version;
    change(*after.version);
    if (*after.version == before)
        return;
    its.stack->push(new Step(*this, identity, text, its.state, std::move(after), merge));
}

void PromptBook::setState(const std::string &identity, State state)
{
    Entry &its = entry(identity);
    its.state = std::move(state);
    its.problems.clear();
    ++m_generation;
    m_toCheck = identity;
    m_checkTimer.start();
    Q_EMIT written(identity);
}

void PromptBook::discard(const std::string &identity)
{
    m_entries.erase(identity);
    ++m_generation;
    if (isFresh(identity)) {
        std::erase_if(m_fresh, [&](const Prompt &prompt) { return identityOf(prompt) == identity; });
        Q_EMIT changed();
        return;
    }
    Q_EMIT written(identity);
}

void PromptBook::resume(const std::string &identity, const PromptVersion &version, std::int64_t from) { setState(identity, {version, from}); }

QUndoStack *PromptBook::steps(const std::string &identity) const
{
    const auto found = m_entries.find(identity);
    return found == m_entries.end() ? nullptr : found->second.stack.get();
}

std::string PromptBook::addNew(const std::string &name, const std::string &folder, PromptVersion first)
{
    Prompt fresh;
    fresh.name = name;
    fresh.folder = folder;
    std::string identity = identityOf(fresh);
    m_fresh.push_back(std::move(fresh));
    first.version = 1;
    first.labels.clear();
    setState(identity, {std::move(first), 0});
    Q_EMIT changed();
    return identity;
}

std::optional<std::pair<std::size_t, std::size_t>> PromptBook::addTo(Config &config, const std::string &identity, PromptVersion version) const
{
    auto place = std::ranges::find(config.prompts, identity, identityOf);
    if (place == config.prompts.end()) {
        const Prompt *fresh = isFresh(identity) ? find(identity) : nullptr;
        if (!fresh)
            return std::nullopt;
        config.prompts.push_back(*fresh);
        place = std::prev(config.prompts.end());
    }
    gateway::config::addVersion(*place, std::move(version));
    return std::pair {static_cast<std::size_t>(place - config.prompts.begin()), place->versions.size() - 1};
}

void PromptBook::save(const std::string &identity, const std::string &author, const std::string &note, gateway::WallTime now, Saved done)
{
    const PromptVersion *its = writing(identity);
    const Prompt *prompt = find(identity);
    if (!its || !prompt || m_saving)
        return;
    PromptVersion version = *its;
    version.author = author;
    version.note = note;
    version.createdAt = now;
    const std::string name = prompt->name;
    Config next = *m_gateway.config();
    const auto place = addTo(next, identity, std::move(version));
    if (!place)
        return;
    const std::int64_t number = next.prompts[place->first].versions.back().version;
    m_saving = true;
    m_gateway.apply(std::move(next), m_gateway.revision().number, "prompt " + name + ": version " + std::to_string(number), this, [this, identity, done = std::move(done)](const gateway::api::ApplyOutcome &outcome) {
        m_saving = false;
        if (outcome.applied) {
            m_entries.erase(identity);
            std::erase_if(m_fresh, [&](const Prompt &one) { return identityOf(one) == identity; });
            m_config = m_gateway.config();
        } else {
            Q_EMIT written(identity);
        }
        done(outcome); // before anybody looks for a prompt that has another identity now
        Q_EMIT changed();
    });
    Q_EMIT written(identity);
}

void PromptBook::onConfigApplied()
{
    m_config = m_gateway.config();
    if (!m_toCheck.empty() && writing(m_toCheck))
        m_checkTimer.start();
    Q_EMIT changed();
}

void PromptBook::check()
{
    const std::string identity = m_toCheck;
    const PromptVersion *its = writing(identity);
    Config next = *m_config;
    const auto place = its ? addTo(next, identity, *its) : std::nullopt;
    if (!place)
        return;
    const std::string prompt = "prompts[" + std::to_string(place->first) + "]", version = prompt + ".versions[" + std::to_string(place->second) + "]";
    m_gateway.check(std::move(next), this, [this, identity, prompt, version, generation = m_generation](const std::vector<gateway::api::FieldError> &problems) {
        if (generation != m_generation || !writing(identity))
            return;
        std::vector<gateway::api::FieldError> own;
        for (gateway::api::FieldError problem : problems) {
            if (!problem.field.starts_with(prompt))
                continue;
            const std::string &head = problem.field.starts_with(version) ? version : prompt;
            problem.field.erase(0, std::min(problem.field.size(), head.size() + 1));
            own.push_back(std::move(problem));
        }
        entry(identity).problems = std::move(own);
        Q_EMIT checked(identity);
    });
}

const std::vector<gateway::api::FieldError> &PromptBook::problems(const std::string &identity) const
{
    static const std::vector<gateway::api::FieldError> none;
    const auto found = m_entries.find(identity);
    return found == m_entries.end() ? none : found->second.problems;
}

bool PromptBook::valid(const std::string &identity) const { return std::ranges::all_of(problems(identity), &gateway::api::FieldError::warning); }

} // namespace ui::prompts
