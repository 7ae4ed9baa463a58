//! nearest-mean-rust: the nearest class mean, a method plugin to start your own from.
//!
//! Each training row is brought to unit length, the rows of a class are averaged, and a query row
//! scores `scale` times its cosine to each mean. `assay info classify` lists what fit and predict
//! may ask for.

use assay_plugin::{abi, claim, required, About, Call, Config, Error, Host, Method, Run};

struct NearestMean {
    scale: f32,
    width: usize,
    /// Means of unit length, `None` for a class without training rows; `None` before fit.
    means: Option<Vec<Option<Vec<f32>>>>,
}

fn dot(x: &[f32], y: &[f32]) -> f64 {
    x.iter().zip(y).map(|(a, b)| f64::from(*a) * f64::from(*b)).sum()
}

/// What brings a vector to unit length; 0 for zeros.
fn inverse_norm(x: &[f32]) -> f64 {
    let square = dot(x, x);
    if square > 0.0 { 1.0 / square.sqrt() } else { 0.0 }
}

/// The direction of a sum, which is that of the mean.
fn unit(sum: &[f64]) -> Option<Vec<f32>> {
    let length = sum.iter().map(|x| x * x).sum::<f64>().sqrt();
    if length == 0.0 {
        return None;
    }
    Some(sum.iter().map(|x| (x / length) as f32).collect())
}

impl Method for NearestMean {
    const ABOUT: About = About {
        id: "nearest-mean-rust",
        version: "1.0.0",
        summary: "Scores each class by the cosine to the mean of its training rows, in Rust.",
        license: "Apache-2.0",
        references: "doi:10.1007/978-3-642-33709-3_35",
        config_schema: r#"{"type":"object","additionalProperties":false,"properties":{
            "scale":{"type":"number","minimum":0.001,"maximum":10000,"default":100,
              "description":"What the cosine is multiplied by."}}}"#,
        flags: assay_plugin::NEEDS_FIT
            | assay_plugin::DETERMINISTIC
            | assay_plugin::ROW_INDEPENDENT,
        claims: &[claim(
            "classify",
            &[
                required("train.features"),
                required("train.labels"),
                required("class.count"),
                required("query.features"),
            ],
        )],
    };

    fn new(_: &Host, _: &Run, config: &Config) -> Result<Self, Error> {
        Ok(NearestMean { scale: config.number("scale")? as f32, width: 0, means: None })
    }

    fn fit(&mut self, call: &Call) -> Result<(), Error> {
        let rows = call.input::<f32>("train.features", 2)?;
        let labels = call.input::<i32>("train.labels", 1)?;
        let classes = call.input::<i32>("class.count", 0)?.data[0] as usize;
        self.width = rows.extent(1);
        let mut sums = vec![vec![0.0; self.width]; classes];
        for (place, label) in labels.data.iter().enumerate() {
            let row = rows.row(place);
            let factor = inverse_norm(row);
            for (sum, x) in sums[*label as usize].iter_mut().zip(row) {
                *sum += factor * f64::from(*x);
            }
        }
        self.means = Some(sums.iter().map(|sum| unit(sum)).collect());
        Ok(())
    }

    fn predict(&mut self, call: &Call) -> Result<(), Error> {
        let before_fit = || Error::new(abi::E_STATE, "predict needs fit first");
        let means = self.means.as_ref().ok_or_else(before_fit)?;
        let rows = call.input::<f32>("query.features", 2)?;
        if rows.extent(1) != self.width {
            let sentence = "query.features has another width than train.features";
            return Err(Error::new(abi::E_CONTRACT, sentence));
        }
        let mut logits = call.output::<f32>("logits", 2)?;
        for place in 0..rows.extent(0) {
            let row = rows.row(place);
            let factor = f64::from(self.scale) * inverse_norm(row);
            for (logit, mean) in logits.row(place).iter_mut().zip(means) {
                // A class without training rows has the lowest cosine.
                *logit = mean.as_ref().map_or(-self.scale, |mean| (factor * dot(row, mean)) as f32);
            }
        }
        Ok(())
    }
}

assay_plugin::library!(NearestMean);
