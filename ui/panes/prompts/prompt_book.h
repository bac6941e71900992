// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "gateway/api/gateway.h"

#include <QObject>
#include <QTimer>
#include <QUndoStack>

#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <vector>

namespace ui::prompts {

using gateway::config::Prompt;
using gateway::config::PromptVersion;

/// Whether two versions ask the same, whatever their numbers, labels, notes and authors.
bool saySame(const PromptVersion &one, const PromptVersion &other);

/// The prompts of the gateway, and beside them the next versions that are being written and the prompts that have no version
/// yet. What is written here is nobody's until save() adds it to what the gateway has then: labels that somebody moves
/// meanwhile stay where they are. GUI thread.
class PromptBook final : public QObject
{
    Q_OBJECT
public:
    using Change = std::function<void(PromptVersion &)>;
    using Saved = std::function<void(const gateway::api::ApplyOutcome &)>;

    explicit PromptBook(gateway::api::Gateway &gateway, QObject *parent = nullptr);
    ~PromptBook() override;

    /// The id of a stored prompt; of one without a version "new:" and its name.
    static std::string identityOf(const Prompt &prompt);

    [[nodiscard]] std::vector<const Prompt *> prompts() const;            ///< by folder and name
    [[nodiscard]] const Prompt *find(const std::string &identity) const; ///< null: there is none
    [[nodiscard]] std::string byName(const std::string &name) const;     ///< its identity; empty: there is none
    [[nodiscard]] const std::vector<Prompt> &stored() const { return m_config->prompts; }

    /// The version that is being written; null: none is.
    [[nodiscard]] const PromptVersion *writing(const std::string &identity) const;
    [[nodiscard]] std::int64_t writtenFrom(const std::string &identity) const; ///< the version it began as; 0: none
    [[nodiscard]] std::int64_t nextNumber(const std::string &identity) const;
    /// Whether it says anything that the version it began as does not.
    [[nodiscard]] bool differs(const std::string &identity) const;

    /// Changes the version that is being written; where none is, begins it as a copy of `from`.
    /// @param text   what an undo says: "remove a message"
    /// @param merge  steps of the same non-empty kind that follow one another become one
    void edit(const std::string &identity, std::int64_t from, const QString &text, const Change &change, const QString &merge = {});
    void discard(const std::string &identity);
    /// Puts back what discard() took away.
    void resume(const std::string &identity, const PromptVersion &version, std::int64_t from);
    [[nodiscard]] QUndoStack *steps(const std::string &identity) const; ///< null: nothing was written
    /// A prompt without a version, which is there once it is saved. @return its identity
    std::string addNew(const std::string &name, const std::string &folder, PromptVersion first);

    /// Adds what is written as a version behind the latest, without labels.
    void save(const std::string &identity, const std::string &author, const std::string &note, gateway::WallTime now, Saved done);
    [[nodiscard]] bool saving() const { return m_saving; }

    /// What the gateway says of what is written, fields as within the version: "messages[0].content".
    [[nodiscard]] const std::vector<gateway::api::FieldError> &problems(const std::string &identity) const;
    [[nodiscard]] bool valid(const std::string &identity) const; ///< no problem but warnings, as far as is known

Q_SIGNALS:
    void changed();                            ///< what is stored, or which prompts there are
    void written(const std::string &identity); ///< what is being written
    void checked(const std::string &identity);

private:
    struct State
    {
        std::optional<PromptVersion> version;
        std::int64_t from = 0;
    };
    struct Entry
    {
        State state;
        std::unique_ptr<QUndoStack> stack;
        std::vector<gateway::api::FieldError> problems;
    };
    class Step;

    Entry &entry(const std::string &identity);
    void setState(const std::string &identity, State state);
    void onConfigApplied();
    void check();
    /// Puts the version into a configuration. @return the prompt's and the version's place; nullopt: the prompt is gone
    std::optional<std::pair<std::size_t, std::size_t>> addTo(gateway::config::Config &config, const std::string &identity, PromptVersion version) const;

    gateway::api::Gateway &m_gateway;
    gateway::api::ConfigPtr m_config;
    std::vector<Prompt> m_fresh; ///< without a version
    std::map<std::string, Entry> m_entries;
    std::string m_toCheck;
    QTimer m_checkTimer;
    quint64 m_generation = 0;
    bool m_saving = false;
};

} // namespace ui::prompts
