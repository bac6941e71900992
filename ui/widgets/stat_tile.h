// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QAbstractButton>

namespace ui::widgets {

/// One figure: label, value, change against the period before, note, sparkline. 88 px high. A button: clicking it
/// shows the calls behind it. Unknown is "—" and has no change.
class StatTile final : public QAbstractButton
{
    Q_OBJECT
public:
    enum class Better { Neither, Higher, Lower };    ///< which direction is good; colours the change only then
    explicit StatTile(const QString &label, QWidget *parent = nullptr);

    void setBetter(Better better) { m_better = better; }
    void setSeries(int series) { m_series = series; }          ///< colour of the sparkline
    void setValue(const QString &value);
    void setNote(const QString &note);
    /// @param text "8.2 %", "0.05 pp"; empty hides it  @param direction > 0 up, < 0 down, 0 the same
    /// @param grave  a change for the worse in the warning colour (false) or the error colour (true)
    void setChange(const QString &text, int direction, bool grave = false);
    void setHistory(const QList<double> &values);
    void setStale(bool stale);                                 ///< dimmed, while the log cannot be read
    void setLoading(bool loading);

    [[nodiscard]] QString value() const { return m_value; }
    [[nodiscard]] QString note() const { return m_note; }
    [[nodiscard]] QString change() const { return m_change; }
    [[nodiscard]] QSize sizeHint() const override { return {216, 88}; }
    [[nodiscard]] QSize minimumSizeHint() const override { return {120, 88}; }

protected:
    void paintEvent(QPaintEvent *event) override;

private:
    void describe();

    QString m_value, m_note, m_change;
    int m_direction = 0;
    bool m_grave = false;
    bool m_stale = false;
    bool m_loading = false;
    Better m_better = Better::Neither;
    int m_series = 0;
    QList<double> m_history;
};

/// "8.2 %" of change between two figures, and its direction; empty where there was nothing before.
struct Change
{
    QString text;
    int direction = 0;
};
Change changeOf(double before, double now);
/// Of shares from 0 to 1, in percentage points: "0.05 pp".
Change changeOfShare(double before, double now);

} // namespace ui::widgets
