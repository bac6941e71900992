// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/panes/routes/condition_editor.h"
#include "ui/panes/routes/form_parts.h"
#include "ui/panes/routes/inspector.h"
#include "ui/panes/routes/plan_edit.h"
#include "ui/panes/routes/plan_words.h"
#include "ui/widgets/button.h"

#include <QHBoxLayout>

using namespace Qt::StringLiterals;

namespace ui::routes {

using namespace gateway::config;
using namespace widgets;

namespace {

/// The cases of a when, each with its condition: the first that holds is taken.
class WhenForm final : public NodeForm
{
    Q_OBJECT
public:
    explicit WhenForm(QWidget *parent) : NodeForm(parent), m_add(new Button(Icon::Plus, tr("Another case"))), m_otherwise(words({}))
    {
        auto *column = columnOf(this);
        m_cases = new QVBoxLayout;
        m_cases->setSpacing(0);
        column->addLayout(m_cases);
        m_add->setObjectName(u"routes.inspector.when.add"_s);
        m_add->setSmall(true);
        auto *row = new QHBoxLayout;
        row->setContentsMargins(16, 12, 16, 8);
        row->addWidget(m_add);
        row->addStretch(1);
        column->addLayout(row);
        m_otherwise->setContentsMargins(16, 0, 16, 12);
        column->addWidget(m_otherwise);
        column->addStretch(1);
        connect(m_add, &QPushButton::clicked, this, [this] {
            m_editing.edit(tr("add a case"), [path = m_editing.path, fresh = m_editing.fresh](Route &route) {
                if (auto *when = std::get_if<WhenNode>(&nodeAt(route.plan, path)->node))
                    when->branches.push_back({freshCondition(), fresh()});
            }, {});
        });
    }

    void show(const Editing &editing) override
    {
        m_editing = editing;
        const PlanNode *node = nodeAt(editing.route->plan, editing.path);
        const auto *when = node ? std::get_if<WhenNode>(&node->node) : nullptr;
        if (!when)
            return;
        const auto count = static_cast<qsizetype>(when->branches.size());
        while (m_parts.size() > count)
            m_parts.takeLast().box->deleteLater();
        while (m_parts.size() < count)
            addPart();
        for (qsizetype i = 0; i < count; ++i) {
            const WhenBranch &branch = when->branches[static_cast<std::size_t>(i)];
            m_parts[i].heading->setText(count == 1 ? tr("To %1 where").arg(fullTitleOf(branch.then)) : tr("%1. To %2 where").arg(i + 1).arg(fullTitleOf(branch.then)));
            m_parts[i].condition->setCondition(branch.condition, editing.editable);
            m_parts[i].remove->setVisible(count > 1 && editing.editable);
        }
        m_add->setVisible(editing.editable);
        m_otherwise->setText(when->otherwise ? tr("Else to %1.").arg(fullTitleOf(*when->otherwise)) : tr("Where none holds, calls go on to what stands behind this node, if anything does."));
    }
    using NodeForm::show;
    QWidget *firstField() override { return m_parts.isEmpty() ? static_cast<QWidget *>(m_add) : m_parts.first().condition->firstField(); }

private:
    struct Part
    {
        QWidget *box;
        Label *heading;
        Button *remove;
        ConditionEditor *condition;
    };

    void addPart()
    {
        const int index = static_cast<int>(m_parts.size());
        Part part {new QWidget, new Label(Label::Kind::Strong), Button::iconOnly(Icon::Trash, tr("Delete this case"), nullptr, Button::Kind::Flat), new ConditionEditor(u"routes.inspector.case.%1"_s.arg(index))};
        part.heading->setSizePolicy(QSizePolicy::Ignored, QSizePolicy::Preferred);
        part.remove->setObjectName(u"routes.inspector.case.%1.delete"_s.arg(index));
        part.remove->setSmall(true);
        auto *top = new QHBoxLayout;
        top->addWidget(part.heading, 1);
        top->addWidget(part.remove);
        auto *column = new QVBoxLayout(part.box);
        column->setContentsMargins(16, 10, 16, 12);
        column->setSpacing(8);
        column->addLayout(top);
        column->addWidget(part.condition);
        column->addWidget(new Divider(Qt::Horizontal));
        m_cases->addWidget(part.box);
        m_parts << part;
        connect(part.condition, &ConditionEditor::changed, this, [this, index] {
            m_editing.edit(tr("condition of a case"), [path = m_editing.path, index, condition = m_parts[index].condition->condition()](Route &route) {
                if (auto *when = std::get_if<WhenNode>(&nodeAt(route.plan, path)->node))
                    when->branches[static_cast<std::size_t>(index)].condition = condition;
            }, u"condition %1"_s.arg(index));
        });
        connect(part.remove, &QPushButton::clicked, this, [this, index] {
            m_editing.edit(tr("delete a case"), [path = m_editing.path, index](Route &route) { removeNode(route.plan, below(path, index)); }, {});
        });
    }

    Editing m_editing;
    QVBoxLayout *m_cases;
    QList<Part> m_parts;
    Button *m_add;
    Label *m_otherwise;
};

} // namespace

NodeForm *makeWhenForm(QWidget *parent) { return new WhenForm(parent); }

} // namespace ui::routes

#include "when_form.moc"
