// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/panes/routes/draft_bar.h"

#include "ui/widgets/labels.h"
#include "ui/widgets/segmented_control.h"

#include <QHBoxLayout>
#include <QPainter>

using namespace Qt::StringLiterals;

namespace ui::routes {

using namespace widgets;

namespace {

class LockSign final : public QWidget
{
public:
    LockSign() { setFixedSize(16, 20); }

protected:
    void paintEvent(QPaintEvent *) override
    {
        QPainter painter(this);
        paintIcon(&painter, Icon::Lock, QRectF(0, 2, 16, 16), colorsOf(this).warn);
    }
};

} // namespace

DraftBar::DraftBar(bridge::ConfigDraft &draft, QWidget *parent)
    : Panel(Role::Surface, Qt::BottomEdge, parent), m_draft(draft), m_which(new SegmentedControl({tr("Draft"), tr("Live")})), m_changes(new Label(Label::Kind::Secondary)),
      m_diff(new Button(Button::Kind::Link, Icon::None, tr("Show diff"))), m_revert(new Button(Button::Kind::Link, Icon::None, tr("Revert"))),
      m_versions(new Button(Button::Kind::Link, Icon::None, tr("Versions"))), m_undo(new Button(Icon::Undo, tr("Undo"))),
      m_redo(new Button(Icon::Redo, tr("Redo"))), m_simulate(new Button(Icon::Play, tr("Simulate"))), m_explain(new Button(Icon::Info, tr("Explain"))),
      m_replay(new Button(Icon::Clock, tr("Replay"))), m_validate(new Button(Icon::Check, tr("Validate"))), m_publish(new Button(Button::Kind::Primary, Icon::Upload, tr("Publish…"))),
      m_lock(new QWidget), m_lockText(new Label(Label::Kind::Secondary))
{
    setFixedHeight(44);
    m_which->setObjectName(u"routes.which"_s);
    m_changes->setObjectName(u"routes.changes"_s);
    m_diff->setObjectName(u"routes.diff"_s);
    m_revert->setObjectName(u"routes.revert"_s);
    m_versions->setObjectName(u"routes.versions.open"_s);
    m_undo->setObjectName(u"routes.undo"_s);
    m_redo->setObjectName(u"routes.redo"_s);
    m_validate->setObjectName(u"routes.validate"_s);
    m_publish->setObjectName(u"routes.publish.open"_s);
    m_diff->setSmall(true);
    m_revert->setSmall(true);
    m_versions->setSmall(true);
    auto *lockRow = new QHBoxLayout(m_lock);
    lockRow->setContentsMargins(8, 0, 0, 0);
    lockRow->setSpacing(6);
    lockRow->addWidget(new LockSign);
    lockRow->addWidget(m_lockText);
    auto *row = new QHBoxLayout(this);
    row->setContentsMargins(16, 0, 12, 1);
    row->setSpacing(8);
    row->addWidget(m_which);
    row->addSpacing(4);
    row->addWidget(m_changes);
    row->addWidget(m_diff);
    row->addWidget(m_revert);
    row->addWidget(m_versions);
    row->addWidget(m_lock);
    row->addStretch(1);
    row->addWidget(m_undo);
    row->addWidget(m_redo);
    auto *divider = new Divider(Qt::Vertical);
    divider->setFixedHeight(20);
    row->addSpacing(4);
    row->addWidget(divider);
    row->addSpacing(4);
    setUpTrials(row);
    row->addWidget(m_validate);
    row->addWidget(m_publish);
    connect(m_which, &SegmentedControl::currentChanged, this, &DraftBar::viewChanged);
    connect(m_diff, &QPushButton::clicked, this, &DraftBar::diffWanted);
    connect(m_revert, &QPushButton::clicked, this, &DraftBar::revertWanted);
    connect(m_versions, &QPushButton::clicked, this, &DraftBar::versionsWanted);
    connect(m_undo, &QPushButton::clicked, &m_draft.undoStack(), &QUndoStack::undo);
    connect(m_redo, &QPushButton::clicked, &m_draft.undoStack(), &QUndoStack::redo);
    connect(m_validate, &QPushButton::clicked, this, &DraftBar::validateWanted);
    connect(m_publish, &QPushButton::clicked, this, &DraftBar::publishWanted);
    connect(&m_draft, &bridge::ConfigDraft::stateChanged, this, &DraftBar::refresh);
    for (Button *button : {m_undo, m_redo, m_validate, m_simulate, m_explain, m_replay}) {
        m_texts.emplaceBack(button, button->text());
        button->setAccessibleName(button->text());
    }
    setLock({});
    refresh();
}

/// Where the bar is narrow, buttons are their signs alone: their names stay as tool tips.
void DraftBar::fitTexts()
{
    for (const auto &[button, text] : std::as_const(m_texts))
        button->setText(text);
    for (const auto &[button, text] : std::as_const(m_texts)) {
        if (layout()->sizeHint().width() <= width())
            return;
        button->setText({});
    }
}

void DraftBar::resizeEvent(QResizeEvent *event)
{
    Panel::resizeEvent(event);
    fitTexts();
}

bool DraftBar::showsLive() const { return m_which->current() == 1; }
void DraftBar::showLive(bool live) { m_which->setCurrent(live ? 1 : 0); }

/// One that is pressed opens its panel in the place of another's; pressed again, it closes it.
void DraftBar::setUpTrials(QHBoxLayout *row)
{
    m_simulate->setObjectName(u"routes.simulate"_s);
    m_explain->setObjectName(u"routes.explain"_s);
    m_replay->setObjectName(u"routes.replay.open"_s);
    m_validate->setToolTip(tr("Validate: what is wrong with the draft, if anything"));
    m_simulate->setToolTip(tr("Simulate: lets a call walk this plan while providers are down, slow or at their limits; nothing is sent"));
    m_explain->setToolTip(tr("Explain: what each node would see and decide of a call, and why; nothing is sent"));
    m_replay->setToolTip(tr("Replay: takes calls of the log through this plan, to see what would be otherwise; nothing is sent"));
    for (const auto &[button, trial] : {std::pair {m_simulate, Trial::Simulate}, std::pair {m_explain, Trial::Explain}, std::pair {m_replay, Trial::Replay}}) {
        button->setCheckable(true);
        row->addWidget(button);
        connect(button, &QPushButton::clicked, this, [this, trial](bool open) { Q_EMIT trialWanted(open ? trial : Trial::None); });
    }
}

void DraftBar::setTriable(bool triable)
{
    for (Button *button : {m_simulate, m_explain, m_replay})
        button->setEnabled(triable);
}

void DraftBar::setTrial(Trial trial)
{
    m_simulate->setChecked(trial == Trial::Simulate);
    m_explain->setChecked(trial == Trial::Explain);
    m_replay->setChecked(trial == Trial::Replay);
}

void DraftBar::setLock(const QString &file)
{
    m_lock->setVisible(!file.isEmpty());
    m_lockText->setText(tr("Set by %1, edit it there").arg(file));
    fitTexts();
}

void DraftBar::setBlocked(const QString &why)
{
    m_blocked = why;
    refresh();
}

bool DraftBar::mayPublish() const { return m_draft.dirty() && m_draft.valid() && !m_draft.applying() && m_blocked.isEmpty(); }

void DraftBar::refresh()
{
    const bool dirty = m_draft.dirty();
    m_which->setItemText(0, dirty ? tr("Draft •") : tr("Draft"));
    m_which->setItemText(1, tr("Live r%1").arg(m_draft.liveRevision()));
    m_changes->setText(!dirty ? tr("No changes") : m_draft.changeCount() <= 1 ? tr("1 change") : tr("%1 changes").arg(m_draft.changeCount()));
    m_diff->setVisible(dirty);
    m_revert->setVisible(dirty);
    QUndoStack &stack = m_draft.undoStack();
    m_undo->setEnabled(stack.canUndo());
    m_redo->setEnabled(stack.canRedo());
    m_undo->setToolTip(stack.canUndo() ? tr("Undo: %1 (Ctrl+Z)").arg(stack.undoText()) : tr("Nothing to undo"));
    m_redo->setToolTip(stack.canRedo() ? tr("Redo: %1 (Ctrl+Y)").arg(stack.redoText()) : tr("Nothing to redo"));
    m_publish->setEnabled(mayPublish());
    QString why = tr("Publish the draft (Ctrl+Shift+P)");
    if (!dirty)
        why = tr("The draft is what is live: nothing to publish");
    else if (!m_blocked.isEmpty())
        why = m_blocked;
    else if (m_draft.applying())
        why = tr("Being published");
    else if (m_draft.checking())
        why = tr("Being checked");
    else if (!m_draft.valid())
        why = tr("The draft has errors: see below the picture");
    m_publish->setToolTip(why);
    m_publish->setAccessibleDescription(why);
    fitTexts();
}

} // namespace ui::routes
