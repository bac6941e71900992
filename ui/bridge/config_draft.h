// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "gateway/api/gateway.h"

#include <QObject>
#include <QTimer>
#include <QUndoStack>

#include <functional>
#include <memory>
#include <string>
#include <vector>

namespace ui::bridge {

class ViewContext;

/// A configuration that is being edited: starts as the gateway's own, takes changes that can be undone, is checked by
/// the gateway as it changes, and becomes the gateway's own with apply(). An edit that somebody else makes meanwhile
/// is carried in (config_merge.h), so that a draft never conflicts with what it did not touch. Secrets in it are masked
/// (Gateway::maskedSecret). GUI thread; one for each pane that edits.
class ConfigDraft final : public QObject
{
    Q_OBJECT
public:
    using Config = gateway::config::Config;
    using Change = std::function<void(Config &)>;

    explicit ConfigDraft(gateway::api::Gateway &gateway, QObject *parent = nullptr);
    ~ConfigDraft() override;

    [[nodiscard]] const Config &config() const { return *m_draft; }
    /// What the gateway runs under now.
    [[nodiscard]] const Config &live() const { return *m_base; }
    [[nodiscard]] std::uint64_t liveRevision() const { return m_revision; }
    [[nodiscard]] bool dirty() const;
    [[nodiscard]] int changeCount() const; ///< steps away from what was published last

    /// One intent, one undo step.
    /// @param text   what an undo button says: "move gpt-4o to row 2"
    /// @param merge  steps of the same non-empty kind that follow one another become one ("name of openai"); none where
    ///               they come to nothing
    void edit(const QString &text, const Change &change, const QString &merge = {});
    [[nodiscard]] QUndoStack &undoStack() { return m_stack; }
    /// Back to what the gateway has; the draft's history goes.
    void revert();

    /// Hands the draft to the gateway. `done` gets the outcome; where it was refused the draft stays as it is.
    void apply(const QString &note, std::function<void(const gateway::api::ApplyOutcome &)> done);
    [[nodiscard]] bool applying() const { return m_applying; }

    /// What the gateway said of the draft at the last check; see checked().
    [[nodiscard]] const std::vector<gateway::api::FieldError> &problems() const { return m_problems; }
    [[nodiscard]] bool valid() const; ///< no problem that is more than a warning, and the last check is of this draft
    [[nodiscard]] bool checking() const { return m_checking; }

    /// Makes one change to the live configuration at once, with a toast that undoes it; for switches and the like that
    /// need no draft. Says in a toast why it was refused.
    static void applyNow(gateway::api::Gateway &gateway, ViewContext &view, const QString &text, const Change &change);

Q_SIGNALS:
    void changed();   ///< the draft's content
    void liveChanged();
    void checked();   ///< problems() are of the present draft
    void stateChanged(); ///< dirty, applying, checking, or what can be undone

private:
    class Step;
    void setDraft(std::shared_ptr<const Config> next);
    void onConfigApplied();
    /// The gateway took the draft as it was when it was sent.
    void takeApplied(const Config &sent);
    void rebaseOn(std::shared_ptr<const Config> theirs, std::shared_ptr<const Config> next);
    void check();

    gateway::api::Gateway &m_gateway;
    std::shared_ptr<const Config> m_base;
    std::shared_ptr<const Config> m_draft;
    std::uint64_t m_revision = 0;
    QUndoStack m_stack;
    QTimer m_checkTimer;
    std::vector<gateway::api::FieldError> m_problems;
    bool m_checking = false;
    bool m_applying = false;
    quint64 m_generation = 0; ///< of the draft: an answer about an older one is dropped
};

} // namespace ui::bridge
