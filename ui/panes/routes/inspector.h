// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "gateway/api/gateway.h"
#include "ui/panes/routes/route_traffic.h"
#include "ui/widgets/card.h"

#include <QHash>
#include <QStringList>

#include <array>
#include <functional>
#include <optional>

class QStackedWidget;

namespace ui::widgets {
class Button;
class Label;
}

namespace ui::routes {

/// What a form of the inspector works on, and how it changes it.
struct Editing
{
    const gateway::config::Config *config = nullptr; ///< the draft, or what is live
    const gateway::config::Route *route = nullptr;
    Path path;
    bool editable = true;
    /// Makes a model for a new branch.
    std::function<gateway::config::PlanNode()> fresh;
    /// One intent; steps of the same `merge` at the same node become one undo step.
    std::function<void(const QString &what, const std::function<void(gateway::config::Route &)> &change, const QString &merge)> edit;
};

/// One form: what is shown for one kind of node.
class NodeForm : public QWidget
{
    Q_OBJECT
public:
    using QWidget::QWidget;
    virtual void show(const Editing &editing) = 0;
    virtual void showLive(const TrafficWatch &) { }
    virtual QWidget *firstField() = 0;
    using QWidget::show;
};

/// The right column: a form by what is chosen, and under it Duplicate and Delete.
class Inspector final : public widgets::Panel
{
    Q_OBJECT
public:
    /// Asks for a provider's models; the answer's names are offered as completion.
    using AskModels = std::function<void(const std::string &provider, std::function<void(const QStringList &)> done)>;
    Inspector(AskModels askModels, QWidget *parent);

    void show(const Editing &editing, const std::optional<Path> &chosen);
    void showLive(const TrafficWatch &watch);
    /// Words about what is wrong with the node, under its title; empty: nothing.
    void showProblems(const QStringList &problems);
    void focusFirst();
    using QWidget::show;

Q_SIGNALS:
    void duplicateWanted();
    void deleteWanted();
    void unwrapWanted(); ///< keep only the node's main way
    void openCallsWanted();
    void openCacheWanted(); ///< what the route keeps

private:
    void showHeading(const Editing &editing, const std::optional<Path> &chosen);
    [[nodiscard]] NodeForm *makeForm(int index);
    NodeForm *form(int index); ///< made where it was not needed before

    class Mark;
    Mark *m_mark;
    widgets::Label *m_title, *m_subtitle, *m_problem;
    QStackedWidget *m_forms;
    AskModels m_askModels;
    const TrafficWatch *m_watch = nullptr; ///< the last one told of; the view has it and the inspector
    static constexpr int formCount = 8;
    std::array<NodeForm *, formCount> m_byKind {}; ///< by NodeKind, then the route itself; null until first shown
    NodeForm *m_shown = nullptr;
    widgets::Button *m_duplicate, *m_unwrap, *m_delete;
};

NodeForm *makeTargetForm(const Inspector::AskModels &askModels, std::function<void()> openCalls, QWidget *parent);
NodeForm *makeChainForm(QWidget *parent);
NodeForm *makeSplitForm(QWidget *parent);
NodeForm *makeReferenceForm(QWidget *parent);
NodeForm *makeBalanceForm(QWidget *parent);
NodeForm *makeWhenForm(QWidget *parent);
NodeForm *makeLimitForm(QWidget *parent);
NodeForm *makeRouteForm(std::function<void()> openCalls, std::function<void()> openCache, QWidget *parent);

} // namespace ui::routes
