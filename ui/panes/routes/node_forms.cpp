// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/bridge/text.h"
#include "ui/panes/routes/failure_chips.h"
#include "ui/panes/routes/form_parts.h"
#include "ui/panes/routes/inspector.h"
#include "ui/panes/routes/plan_leaves.h"
#include "ui/panes/routes/plan_shares.h"
#include "ui/panes/routes/plan_words.h"

#include <QComboBox>
#include <QSignalBlocker>
#include <QSpinBox>

using namespace Qt::StringLiterals;

/// The small forms: a chain, a split, a reference to another route.
namespace ui::routes {

using namespace gateway::config;
using namespace widgets;

namespace {

class ChainForm final : public NodeForm
{
    Q_OBJECT
public:
    explicit ChainForm(QWidget *parent) : NodeForm(parent)
    {
        auto *column = columnOf(this);
        FieldGrid grid(column);
        grid.addWide(words(tr("Rows are tried from the top. Drag a row, or press Alt+Up and Alt+Down, to change the order.")));
        addLine(column);
        m_fallback = new FailureChips(tr("Go to the next row on"));
        m_fallback->setObjectName(u"routes.inspector.chain.fallback"_s);
        addSection(column, tr("Go to the next row on (holds for the whole route)"), m_fallback);
        column->addStretch(1);
        connect(m_fallback, &FailureChips::changed, this, [this] {
            m_editing.edit(tr("what moves on to the next row"), [set = m_fallback->items()](Route &route) { route.fallbackOn = set; }, {});
        });
    }
    void show(const Editing &editing) override
    {
        m_editing = editing;
        m_fallback->setItems(editing.route->fallbackOn);
        m_fallback->setEditable(editing.editable);
    }
    using NodeForm::show;
    QWidget *firstField() override { return m_fallback; }

private:
    Editing m_editing;
    FailureChips *m_fallback;
};

class SplitForm final : public NodeForm
{
    Q_OBJECT
public:
    explicit SplitForm(QWidget *parent) : NodeForm(parent)
    {
        auto *column = columnOf(this);
        m_rows = new QVBoxLayout;
        m_rows->setContentsMargins(0, 0, 0, 0);
        column->addLayout(m_rows);
        auto *note = words(tr("The shares always add up to 100: what one branch gains, the others lose in proportion."));
        note->setContentsMargins(16, 0, 16, 12);
        column->addWidget(note);
        column->addStretch(1);
    }
    void show(const Editing &editing) override
    {
        m_editing = editing;
        const PlanNode *node = nodeAt(editing.route->plan, editing.path);
        const auto *split = node ? std::get_if<SplitNode>(&node->node) : nullptr;
        if (!split)
            return;
        if (m_shares.size() != static_cast<qsizetype>(split->branches.size()))
            makeRows(static_cast<int>(split->branches.size()));
        const QList<int> now = shares(*split);
        for (int i = 0; i < m_shares.size(); ++i) {
            const QSignalBlocker quiet(m_shares[i]);
            m_shares[i]->setRange(m_shares.size() == 1 ? 100 : 1, std::max(1, 101 - static_cast<int>(m_shares.size())));
            m_shares[i]->setValue(now[i]);
            m_shares[i]->setEnabled(editing.editable && m_shares.size() > 1);
            m_labels[i]->setText(titleOf(split->branches[static_cast<std::size_t>(i)].to));
            m_shares[i]->setAccessibleName(tr("Share of %1").arg(m_labels[i]->text()));
        }
    }
    using NodeForm::show;
    QWidget *firstField() override { return m_shares.isEmpty() ? static_cast<QWidget *>(this) : m_shares.first(); }

private:
    void makeRows(int count)
    {
        delete m_box;
        m_labels.clear();
        m_shares.clear();
        m_box = new QWidget;
        auto *grid = new QGridLayout(m_box);
        grid->setContentsMargins(16, 12, 16, 12);
        grid->setVerticalSpacing(8);
        grid->setColumnStretch(0, 1);
        for (int i = 0; i < count; ++i) {
            m_labels << new Label(Label::Kind::Body);
            m_labels[i]->setSizePolicy(QSizePolicy::Ignored, QSizePolicy::Preferred);
            m_shares << new QSpinBox;
            m_shares[i]->setObjectName(u"routes.inspector.share.%1"_s.arg(i));
            m_shares[i]->setSuffix(tr(" %"));
            m_shares[i]->setFixedWidth(88);
            m_shares[i]->setMinimumHeight(28);
            grid->addWidget(m_labels[i], i, 0);
            grid->addWidget(m_shares[i], i, 1);
            connect(m_shares[i], &QSpinBox::valueChanged, this, [this, i](int share) {
                m_editing.edit(tr("shares of a split"), [path = m_editing.path, i, share](Route &route) {
                    if (auto *split = std::get_if<SplitNode>(&nodeAt(route.plan, path)->node))
                        setShare(*split, i, share);
                }, u"share"_s);
            });
        }
        m_rows->addWidget(m_box);
    }

    Editing m_editing;
    QVBoxLayout *m_rows;
    QWidget *m_box = nullptr;
    QList<Label *> m_labels;
    QList<QSpinBox *> m_shares;
};

class ReferenceForm final : public NodeForm
{
    Q_OBJECT
public:
    explicit ReferenceForm(QWidget *parent) : NodeForm(parent)
    {
        auto *column = columnOf(this);
        FieldGrid grid(column);
        m_route = new QComboBox;
        m_route->setObjectName(u"routes.inspector.reference"_s);
        grid.add(tr("Route"), m_route);
        grid.addWide(words(tr("The call goes on as if it had asked for that route. Routes that lead back here are not offered: that would be a circle.")));
        column->addStretch(1);
        connect(m_route, &QComboBox::activated, this, [this] {
            m_editing.edit(tr("go on as another route"), [path = m_editing.path, name = bridge::utf8(m_route->currentText())](Route &route) {
                if (auto *reference = std::get_if<RouteNode>(&nodeAt(route.plan, path)->node))
                    reference->route = name;
            }, {});
        });
    }
    void show(const Editing &editing) override
    {
        m_editing = editing;
        const PlanNode *node = nodeAt(editing.route->plan, editing.path);
        const auto *reference = node ? std::get_if<RouteNode>(&node->node) : nullptr;
        if (!reference)
            return;
        QStringList names = referable(*editing.config, *editing.route);
        const QString current = bridge::qt(reference->route);
        if (!names.contains(current))
            names.prepend(current);
        const QSignalBlocker quiet(m_route);
        m_route->clear();
        m_route->addItems(names);
        m_route->setCurrentText(current);
        m_route->setEnabled(editing.editable);
    }
    using NodeForm::show;
    QWidget *firstField() override { return m_route; }

private:
    Editing m_editing;
    QComboBox *m_route;
};

} // namespace

NodeForm *makeChainForm(QWidget *parent) { return new ChainForm(parent); }
NodeForm *makeSplitForm(QWidget *parent) { return new SplitForm(parent); }
NodeForm *makeReferenceForm(QWidget *parent) { return new ReferenceForm(parent); }

} // namespace ui::routes

#include "node_forms.moc"
