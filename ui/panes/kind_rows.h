// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "gateway/api/provider_probe.h"
#include "gateway/config/config.h"

#include <QHash>
#include <QWidget>

class QGridLayout;
class QLineEdit;

namespace ui::panes {

class PairRows;

/// A provider's own settings as its kind has them (config::KindFields): base URL, region, project, deployments. A line a
/// field, under the name of the field.
class KindRows final : public QWidget
{
    Q_OBJECT
public:
    enum class Show {
        All,   ///< two lines side by side, for a form that is wide
        Lines, ///< one below the other, without what takes a table
        Needed ///< of those, the ones that must be given
    };
    /// @param prefix  of the object names: "providers" gives "providers.region"; the base URL's is "url"
    KindRows(const QString &prefix, Show show, QWidget *parent = nullptr);

    /// @param kind  null: one that this version does not know, which has a base URL alone
    void setKind(const gateway::api::ProviderKindInfo *kind);
    void show(const gateway::config::Provider &provider, bool editable);
    using QWidget::show;
    /// A provider with what stands in the fields, and nothing else.
    [[nodiscard]] gateway::config::Provider values() const;
    [[nodiscard]] QString titleOf(const QString &field) const;
    void put(std::string_view field, const QString &value); ///< where the kind has it, and nothing stands in it yet

    [[nodiscard]] QString missing() const; ///< the title of the first field that is needed and empty
    [[nodiscard]] QString problem() const; ///< why what is typed may not stand there; empty: all may
    void showProblems(const QHash<QString, QString> &problems); ///< of the gateway's check, by field
    void forgetProblems();

Q_SIGNALS:
    void edited(const QString &field); ///< by the person

private:
    struct Line
    {
        gateway::config::KindField field;
        QLineEdit *edit;
    };
    void rebuild();
    [[nodiscard]] bool isNeeded(const gateway::config::KindField &field) const;
    void addLine(const gateway::config::KindField &field, QGridLayout *grid, int row, int pair, int span);
    void showExamples();

    QString m_prefix;
    Show m_show;
    std::string m_kind;
    gateway::config::KindFields m_fields;
    std::string m_defaultUrl;
    bool m_needsUrl = true;
    QWidget *m_content = nullptr;
    QList<Line> m_lines;
    PairRows *m_pairs = nullptr; ///< null: the kind has none
};

} // namespace ui::panes
